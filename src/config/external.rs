//! `externals`: objects that something outside the fleet makes (Terraform, a bootstrap command), so that references to them
//! are not a defect.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::shape::ConfigReader;
use super::shape::is_null;
use crate::flux::api::group;
use crate::flux::kinds::{self, Table};
use crate::yaml::{Entry, Node, Span};

const KEYS: [&str; 8] = ["apiVersion", "kind", "namespace", "name", "labels", "keys", "values", "clusters"];

/// The kinds that need no `apiVersion`, with their groups.
const KINDS: [(&str, &str); 26] = [
    ("ConfigMap", ""),
    ("Secret", ""),
    ("ServiceAccount", ""),
    ("Namespace", ""),
    ("Role", group::RBAC),
    ("RoleBinding", group::RBAC),
    ("ClusterRole", group::RBAC),
    ("ClusterRoleBinding", group::RBAC),
    ("Kustomization", group::KUSTOMIZE),
    ("HelmRelease", group::HELM),
    ("GitRepository", group::SOURCE),
    ("OCIRepository", group::SOURCE),
    ("HelmRepository", group::SOURCE),
    ("HelmChart", group::SOURCE),
    ("Bucket", group::SOURCE),
    ("ExternalArtifact", group::SOURCE),
    ("Provider", group::NOTIFICATION),
    ("Alert", group::NOTIFICATION),
    ("Receiver", group::NOTIFICATION),
    ("ImageRepository", group::IMAGE),
    ("ImagePolicy", group::IMAGE),
    ("ImageUpdateAutomation", group::IMAGE),
    ("ArtifactGenerator", group::SOURCE_EXTENSIONS),
    ("FluxInstance", group::OPERATOR),
    ("ResourceSet", group::OPERATOR),
    ("ResourceSetInputProvider", group::OPERATOR),
];

/// The table of a kind that needs no `apiVersion`.
fn known(kind: &str) -> Option<&'static Table> {
    let (kind, group) = KINDS.iter().find(|(known, _)| *known == kind)?;
    kinds::table(group, kind)
}

/// An object that something outside the fleet makes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct External {
    /// Empty for the core group.
    pub group: SmolStr,
    /// The API version without its group.
    pub version: SmolStr,
    pub kind: SmolStr,
    /// Empty for cluster-scoped objects.
    pub namespace: SmolStr,
    pub name: SmolStr,
    pub labels: BTreeMap<SmolStr, SmolStr>,
    /// `None` where it is not known which keys a ConfigMap or Secret has.
    pub data: Option<ExternalData>,
    /// The clusters that have it, by name or path; empty for all.
    pub clusters: Vec<(SmolStr, Option<Span>)>,
    pub place: Option<Span>,
}

/// All keys of a ConfigMap or Secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExternalData {
    /// Those whose values only the cluster knows.
    pub unknown: Vec<Node>,
    pub known: Vec<Entry>,
}

impl ConfigReader<'_> {
    pub(super) fn externals(&mut self, node: &Node) -> Vec<External> {
        let items = self.mappings(node, "externals", "name the object by kind, namespace and name");
        items.into_iter().filter_map(|item| self.external(item)).collect()
    }

    fn external(&mut self, node: &Node) -> Option<External> {
        let (mut labels, mut data, mut clusters) = (BTreeMap::new(), None, Vec::new());
        for Entry { key, value } in self.entries(node, "an external object") {
            match key.text().unwrap_or_default() {
                "apiVersion" | "kind" | "namespace" | "name" => {}
                "labels" => labels = self.texts(value, "labels"),
                "keys" => data.get_or_insert_with(ExternalData::default).unknown = self.keys(value),
                "values" => data.get_or_insert_with(ExternalData::default).known = self.values(value, "values"),
                "clusters" => clusters = self.named(value, "clusters"),
                _ => self.unknown_key(key, &KEYS, "an external object"),
            }
        }
        let external = self.identity(node)?;
        if data.is_some() && !(external.group.is_empty() && matches!(external.kind.as_str(), "ConfigMap" | "Secret")) {
            let place = node.get("keys").or(node.get("values")).unwrap_or(node);
            self.wrong(
                place,
                &format!("a {} has no keys", external.kind),
                "only ConfigMaps and Secrets have `keys` and `values`",
            );
        }
        let place = node.get("name").and_then(Node::place);
        Some(External { labels, data, clusters, place, ..external })
    }

    /// An entry with nothing but the name of its object.
    fn identity(&mut self, node: &Node) -> Option<External> {
        node.as_mapping()?;
        let kind = self.part(node, "kind")?;
        let name = self.part(node, "name")?;
        let known = known(&kind);
        let api_version = match node.get("apiVersion").filter(|value| !is_null(value)) {
            Some(value) => self.text(value, "`apiVersion`")?,
            None => SmolStr::default(),
        };
        let (group, version) = match (api_version.rsplit_once('/'), known) {
            (Some((group, version)), _) => (group.into(), version.into()),
            (None, _) if !api_version.is_empty() => (SmolStr::default(), api_version.clone()),
            (None, Some(table)) => (table.group.into(), table.usual_version().into()),
            (None, None) => {
                let message = format!("the group of kind `{kind}` is not known");
                self.wrong(node.get("kind").unwrap_or(node), &message, "add its `apiVersion`");
                return None;
            }
        };
        let has_namespace = known.map(|table| table.is_namespaced);
        let namespace = self.namespace(node, &kind, has_namespace)?;
        Some(External { group, version, kind, namespace, name, ..External::default() })
    }

    fn part(&mut self, node: &Node, field: &'static str) -> Option<SmolStr> {
        match node.get(field) {
            Some(value) => self.text(value, &format!("the `{field}` of an external object")),
            None => {
                self.wrong(
                    node,
                    &format!("an external object has no `{field}`"),
                    "name the object by kind, namespace and name",
                );
                None
            }
        }
    }

    fn namespace(&mut self, node: &Node, kind: &str, wanted: Option<bool>) -> Option<SmolStr> {
        match (node.get("namespace").filter(|value| !is_null(value)), wanted) {
            (Some(value), Some(false)) => {
                self.wrong(value, &format!("{kind} is cluster-scoped"), "remove `namespace`");
                None
            }
            (Some(value), _) => self.text(value, "the `namespace` of an external object"),
            (None, Some(true)) => {
                self.wrong(node, &format!("this {kind} has no `namespace`"), "add the one that it is in");
                None
            }
            (None, _) => Some(SmolStr::default()),
        }
    }

    fn keys(&mut self, node: &Node) -> Vec<Node> {
        let mut keys = Vec::new();
        for item in self.items(node, "keys") {
            keys.extend(self.text(item, "an item of `keys`").map(|_| item.clone()));
        }
        keys
    }
}
