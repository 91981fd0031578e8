//! The roots of a cluster and the source that they read.

use smol_str::SmolStr;

use super::pattern::is_pattern;
use super::{ConfiguredRoot, ConfiguredRootSource};
use crate::config::shape::ConfigReader;
use crate::yaml::{Entry, Node, Span};

pub(super) const ROOT_KEYS: [&str; 7] =
    ["path", "name", "namespace", "dependsOn", "substitute", "substituteFrom", "serviceAccountName"];
const SOURCE_KEYS: [&str; 5] = ["kind", "namespace", "name", "url", "branch"];
const FROM_KEYS: [&str; 2] = ["kind", "name"];

/// The kinds that a Kustomization reads from.
const SOURCE_KINDS: [&str; 4] = ["GitRepository", "OCIRepository", "Bucket", "ExternalArtifact"];
const FROM_KINDS: [&str; 2] = ["ConfigMap", "Secret"];

/// Name and namespace where nothing says otherwise, as `flux bootstrap` and the Flux Operator choose them.
const FLUX_SYSTEM: &str = "flux-system";

impl ConfigReader<'_> {
    pub(super) fn roots(&mut self, node: &Node) -> Vec<ConfiguredRoot> {
        let items = self.mappings(node, "roots", "add the folder that the cluster syncs as its `path`");
        if node.as_sequence().is_some() && node.items().is_empty() {
            self.wrong(node, "`roots` is empty", "list the folders that the cluster syncs");
        }
        items.into_iter().filter_map(|item| self.root_entry(item)).collect()
    }

    fn root_entry(&mut self, node: &Node) -> Option<ConfiguredRoot> {
        let mut root = ConfiguredRoot::default();
        for Entry { key, value } in self.entries(node, "an entry of `roots`") {
            match key.text().unwrap_or_default() {
                "path" => self.root_path(value, &mut root),
                "name" => root.name = self.text(value, "the `name` of a root"),
                "namespace" => root.namespace = self.text(value, "the `namespace` of a root"),
                "dependsOn" => root.depends_on = self.named(value, "dependsOn"),
                "substitute" => root.substitute = self.values(value, "substitute"),
                "substituteFrom" => root.substitute_from = self.substitute_from(value),
                "serviceAccountName" => {
                    let name = self.text(value, "`serviceAccountName`");
                    root.service_account_name = name.map(|name| (name, value.place()));
                }
                _ => self.unknown_key(key, &ROOT_KEYS, "a root"),
            }
        }
        let first = node.entries().first()?;
        if node.get("path").is_none() {
            self.wrong(&first.key, "a root has no `path`", "add the folder that it syncs");
        }
        root.path_place.is_some().then_some(root)
    }

    fn root_path(&mut self, node: &Node, root: &mut ConfiguredRoot) {
        let Some(path) = self.path(node, "`path`") else { return };
        if is_pattern(&path) {
            let help = "give the cluster itself a pattern as `path`: then each folder that it matches is a cluster";
            self.wrong(node, &format!("the path of a root cannot be a pattern: `{path}`"), help);
            return;
        }
        root.path = path;
        root.path_place = node.place();
    }

    fn substitute_from(&mut self, node: &Node) -> Vec<(SmolStr, (SmolStr, Option<Span>))> {
        let mut found = Vec::new();
        for item in self.mappings(node, "substituteFrom", "name the ConfigMap or Secret by `kind` and `name`") {
            let (mut kind, mut name) = (None, None);
            for Entry { key, value } in self.entries(item, "an entry of `substituteFrom`") {
                match key.text().unwrap_or_default() {
                    "kind" => kind = self.word(value, "kind", &FROM_KINDS),
                    "name" => name = self.text(value, "`name`").map(|name| (name, value.place())),
                    _ => self.unknown_key(key, &FROM_KEYS, "an entry of `substituteFrom`"),
                }
            }
            if let Some(missing) = item.entries().first().and(FROM_KEYS.iter().find(|key| item.get(key).is_none())) {
                let message = format!("an entry of `substituteFrom` has no `{missing}`");
                self.wrong(item, &message, "name the ConfigMap or Secret by `kind` and `name`");
            }
            found.extend(kind.zip(name));
        }
        found
    }

    pub(super) fn root_source(&mut self, node: &Node) -> Option<ConfiguredRootSource> {
        let mut source = ConfiguredRootSource {
            kind: SOURCE_KINDS[0].into(),
            namespace: FLUX_SYSTEM.into(),
            name: FLUX_SYSTEM.into(),
            url: None,
            branch: None,
            place: node.entries().first().and_then(|entry| entry.key.place()),
        };
        for Entry { key, value } in self.entries(node, "`source`") {
            match key.text().unwrap_or_default() {
                "kind" => source.kind = self.word(value, "kind of source", &SOURCE_KINDS).unwrap_or(source.kind),
                "namespace" => source.namespace = self.text(value, "`namespace`").unwrap_or(source.namespace),
                "name" => source.name = self.text(value, "`name`").unwrap_or(source.name),
                "url" => source.url = self.text(value, "`url`"),
                "branch" => source.branch = self.text(value, "`branch`"),
                _ => self.unknown_key(key, &SOURCE_KEYS, "the source of a cluster"),
            }
        }
        node.as_mapping().map(|_| source)
    }

    /// One of some words.
    fn word(&mut self, node: &Node, what: &str, known: &[&str]) -> Option<SmolStr> {
        let text = self.text(node, &format!("the {what}"))?;
        let is_known = known.contains(&text.as_str());
        if !is_known {
            self.unknown_word(node, what, &text, known);
        }
        is_known.then_some(text)
    }
}
