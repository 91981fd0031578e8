//! The entries of a kustomization file's lists.

use fleetlint_yaml::{Entry, Node, Span};

/// An entry of `patches` or `patchesJson6902`.
#[derive(Clone, Debug, Default)]
pub struct PatchEntry {
    pub place: Option<Span>,
    /// The inline text.
    pub patch: Option<Node>,
    /// The file's path, relative to the kustomization's folder.
    pub path: Option<Node>,
    /// A mapping with any of group, version, kind, name, namespace, labelSelector, annotationSelector.
    pub target: Option<Node>,
    pub allow_name_change: bool,
    pub allow_kind_change: bool,
}

/// An entry of `labels`.
#[derive(Clone, Debug, Default)]
pub struct LabelEntry {
    pub pairs: Vec<Entry>,
    pub include_selectors: bool,
    pub include_templates: bool,
    /// Mappings with group, version, kind, path, create.
    pub fields: Vec<Node>,
}

/// An entry of `images`.
#[derive(Clone, Debug, Default)]
pub struct ImageEntry {
    pub place: Option<Span>,
    pub name: Option<Node>,
    pub new_name: Option<Node>,
    pub new_tag: Option<Node>,
    pub tag_suffix: Option<Node>,
    pub digest: Option<Node>,
}

/// An entry of `replicas`.
#[derive(Clone, Debug)]
pub struct ReplicaEntry {
    pub place: Option<Span>,
    pub name: Option<Node>,
    /// A plain integer; `None` stands for 0.
    pub count: Option<Node>,
}

/// An entry of `configMapGenerator` or `secretGenerator`.
#[derive(Clone, Debug, Default)]
pub struct GeneratorEntry {
    pub place: Option<Span>,
    pub namespace: Option<Node>,
    pub name: Option<Node>,
    pub behavior: Option<Node>,
    pub literals: Vec<Node>,
    pub files: Vec<Node>,
    pub envs: Vec<Node>,
    pub options: GeneratorOptions,
    /// A Secret's type.
    pub secret_type: Option<Node>,
}

/// `generatorOptions`, or a generator's `options`.
#[derive(Clone, Debug, Default)]
pub struct GeneratorOptions {
    pub labels: Vec<Entry>,
    pub annotations: Vec<Entry>,
    pub disable_name_suffix_hash: bool,
    /// The `true`, if it is set.
    pub immutable: Option<Node>,
}

impl PatchEntry {
    /// An entry from its mapping.
    pub(in super::super) fn of(node: &Node) -> Self {
        let option = |key| node.get("options").is_some_and(|options| flag(options, key));
        Self {
            place: node.place(),
            patch: text(node, "patch"),
            path: text(node, "path"),
            target: node.get("target").cloned(),
            allow_name_change: option("allowNameChange"),
            allow_kind_change: option("allowKindChange"),
        }
    }
}

impl LabelEntry {
    pub(super) fn of(node: &Node) -> Self {
        Self {
            pairs: entries(node, "pairs"),
            include_selectors: flag(node, "includeSelectors"),
            include_templates: flag(node, "includeTemplates"),
            fields: items(node, "fields"),
        }
    }
}

impl ImageEntry {
    /// An entry from its mapping.
    pub fn of(node: &Node) -> Self {
        Self {
            place: node.place(),
            name: text(node, "name"),
            new_name: text(node, "newName"),
            new_tag: text(node, "newTag"),
            tag_suffix: text(node, "tagSuffix"),
            digest: text(node, "digest"),
        }
    }
}

impl ReplicaEntry {
    /// An entry from its mapping.
    pub(in super::super) fn of(node: &Node) -> Self {
        Self { place: node.place(), name: text(node, "name"), count: node.get("count").cloned() }
    }
}

impl GeneratorEntry {
    /// An entry from its mapping.
    pub(in super::super) fn of(node: &Node) -> Self {
        let mut envs = items(node, "envs");
        envs.extend(text(node, "env"));
        Self {
            place: node.place(),
            namespace: text(node, "namespace"),
            name: text(node, "name"),
            behavior: text(node, "behavior"),
            literals: items(node, "literals"),
            files: items(node, "files"),
            envs,
            options: node.get("options").map(GeneratorOptions::of).unwrap_or_default(),
            secret_type: text(node, "type"),
        }
    }
}

impl GeneratorOptions {
    pub(super) fn of(node: &Node) -> Self {
        Self {
            labels: entries(node, "labels"),
            annotations: entries(node, "annotations"),
            disable_name_suffix_hash: flag(node, "disableNameSuffixHash"),
            immutable: node.get("immutable").filter(|value| value.text() == Some("true")).cloned(),
        }
    }
}

/// The items of a list field.
pub(in super::super) fn items(node: &Node, key: &str) -> Vec<Node> {
    node.get(key).map(|value| value.items().to_vec()).unwrap_or_default()
}

/// The entries of a map field.
pub(in super::super) fn entries(node: &Node, key: &str) -> Vec<Entry> {
    node.get(key).map(|value| value.entries().to_vec()).unwrap_or_default()
}

/// A text that is not empty.
pub(in super::super) fn text(node: &Node, key: &str) -> Option<Node> {
    node.get(key).filter(|value| value.text().is_some_and(|text| !text.is_empty())).cloned()
}

fn flag(node: &Node, key: &str) -> bool {
    node.get(key).and_then(Node::text) == Some("true")
}
