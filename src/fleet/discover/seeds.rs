//! Objects that no file of the repository holds: the Kustomization of a root that is assumed, or that bootstrap will write.

use std::sync::Arc;

use smol_str::SmolStr;

use super::target::Target;
use crate::config::{ConfiguredRoot, ConfiguredRootSource};
use crate::flux::api::group;
use crate::object::Object;
use crate::yaml::{Entry, Node, Origin, Span};

/// The namespace of Flux where nothing says otherwise.
pub(super) const FLUX_NAMESPACE: &str = "flux-system";

/// The source of a root by kind, namespace and name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SourceName {
    pub kind: String,
    pub namespace: String,
    pub name: String,
}

impl SourceName {
    /// What `flux bootstrap` creates in a namespace.
    pub(super) fn of_bootstrap(namespace: &str) -> Self {
        Self { kind: "GitRepository".to_owned(), namespace: namespace.to_owned(), name: namespace.to_owned() }
    }
}

/// The Kustomization that syncs a folder, and nothing else about it. It has no origin: no text of the repository says this.
pub(super) fn root_kustomization(path: &str, source: &SourceName) -> Option<Arc<Object>> {
    let reference =
        mapping([("kind", text(&source.kind)), ("name", text(&source.name)), ("namespace", text(&source.namespace))]);
    let spec = mapping([("path", text(path)), ("sourceRef", reference)]);
    kustomization(&source.name, &source.namespace, spec)
}

/// What is known of a root that the configuration lists.
pub(super) struct RootSpec<'a> {
    pub configured: &'a ConfiguredRoot,
    pub source: &'a SourceName,
    /// The folder from which its path counts.
    pub base: &'a str,
    /// The cluster has no other root.
    pub is_only: bool,
}

/// The Kustomization of a root that the configuration lists, with the places of the configuration.
pub(super) fn configured_kustomization(root: &RootSpec<'_>) -> Option<Arc<Object>> {
    let RootSpec { configured, source, base, is_only } = root;
    let path = configured.path.strip_prefix(base).unwrap_or(&configured.path).trim_start_matches('/');
    let place = configured.path_place.map(Origin::at).unwrap_or_default();
    let reference =
        mapping([("kind", text(&source.kind)), ("name", text(&source.name)), ("namespace", text(&source.namespace))]);
    let mut spec = vec![entry("path", Node::string(path, place)), entry("sourceRef", reference)];
    spec.extend(configured.service_account_name.as_ref().map(|name| entry("serviceAccountName", written(name))));
    if !configured.depends_on.is_empty() {
        let items = configured.depends_on.iter().map(depends_on).collect();
        spec.push(entry("dependsOn", Node::sequence(items, Origin::default())));
    }
    spec.extend(post_build(configured));
    let derived = if *is_only { source.name.clone() } else { configured.path.replace('/', "-") };
    let name = configured.name.as_ref().map_or(derived, ToString::to_string);
    let namespace = configured.namespace.as_deref().unwrap_or(&source.namespace);
    kustomization(&name, namespace, Node::mapping(spec, Origin::default()))
}

fn depends_on(written_name: &(SmolStr, Option<Span>)) -> Node {
    let (name, place) = written_name;
    match name.split_once('/') {
        Some((namespace, name)) => {
            let part = |text: &str| written(&(text.into(), *place));
            mapping([("name", part(name)), ("namespace", part(namespace))])
        }
        None => mapping([("name", written(written_name))]),
    }
}

/// A text of the configuration, with its place.
fn written((text, place): &(SmolStr, Option<Span>)) -> Node {
    Node::string(text.as_str(), place.map(Origin::at).unwrap_or_default())
}

fn post_build(configured: &ConfiguredRoot) -> Option<Entry> {
    let mut fields = Vec::new();
    if !configured.substitute.is_empty() {
        fields.push(entry("substitute", Node::mapping(configured.substitute.clone(), Origin::default())));
    }
    if !configured.substitute_from.is_empty() {
        let from = configured.substitute_from.iter();
        let items = from.map(|(kind, name)| mapping([("kind", text(kind)), ("name", written(name))])).collect();
        fields.push(entry("substituteFrom", Node::sequence(items, Origin::default())));
    }
    (!fields.is_empty()).then(|| entry("postBuild", Node::mapping(fields, Origin::default())))
}

/// The source that the configuration gives to the roots of a cluster; `None` where it gives no address.
pub(super) fn source_object(source: &ConfiguredRootSource) -> Option<Arc<Object>> {
    let origin = source.place.map(Origin::at).unwrap_or_default();
    let written = |value: &str| Node::string(value, origin.clone());
    let mut spec = vec![entry("url", written(source.url.as_ref()?))];
    if let Some(branch) = &source.branch {
        spec.push(entry("ref", Node::mapping(vec![entry("branch", written(branch))], origin.clone())));
    }
    let metadata = mapping([("name", text(&source.name)), ("namespace", text(&source.namespace))]);
    let root = mapping([
        ("apiVersion", text(&format!("{}/v1", group::SOURCE))),
        ("kind", text(&source.kind)),
        ("metadata", metadata),
        ("spec", Node::mapping(spec, origin)),
    ]);
    Object::new(root).map(Arc::new)
}

fn entry(key: &str, value: Node) -> Entry {
    Entry { key: text(key), value }
}

/// A Kustomization that builds a folder and adds nothing to it.
pub(super) fn plain_kustomization(path: &str) -> Option<Arc<Object>> {
    kustomization("folder", FLUX_NAMESPACE, mapping([("path", text(path))]))
}

fn kustomization(name: &str, namespace: &str, spec: Node) -> Option<Arc<Object>> {
    let root = mapping([
        ("apiVersion", text(&format!("{}/v1", group::KUSTOMIZE))),
        ("kind", text("Kustomization")),
        ("metadata", mapping([("name", text(name)), ("namespace", text(namespace))])),
        ("spec", spec),
    ]);
    Object::new(root).map(Arc::new)
}

fn mapping<const N: usize>(fields: [(&str, Node); N]) -> Node {
    let entries = fields.map(|(key, value)| Entry { key: text(key), value });
    Node::mapping(entries.into(), Origin::default())
}

fn text(value: &str) -> Node {
    Node::string(value, Origin::default())
}

/// The same Kustomization under another name.
pub(super) fn renamed(kustomization: &Object, name: &str) -> Option<Arc<Object>> {
    let mut root = Node::clone(&kustomization.root);
    root.get_mut("metadata")?.as_mapping_mut()?.set("name", text(name));
    Object::new(root).map(Arc::new)
}

/// A Kustomization whose path is known now: it is written where the variables are.
pub(super) fn concrete(kustomization: &Arc<Object>, target: &Target) -> Arc<Object> {
    let path = target.folder.strip_prefix(&target.base).unwrap_or(&target.folder).trim_start_matches('/');
    let mut root = Node::clone(&kustomization.root);
    let origin = kustomization.at("/spec/path").map_or_else(Origin::default, |path| path.origin.clone());
    if let Some(spec) = root.get_mut("spec").and_then(Node::as_mapping_mut) {
        spec.set("path", Node::string(path, origin));
    }
    Object::new(root).map_or_else(|| Arc::clone(kustomization), Arc::new)
}
