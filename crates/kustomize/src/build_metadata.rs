//! `buildMetadata`: annotations that tell where objects came from (kustomize-semantics, section 14).

use fleetlint_source::path;
use fleetlint_yaml::print;
use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::{Entry, Node, Origin, Span, Style};

use super::Kustomization;
use super::field_spec::FieldSpec;
use super::node_edit::{created_key, created_string, is_quoted_merge, mapping_at};
use super::notes;
use super::resmap::ResMap;
use super::resource::Resource;
use super::transform::set_labels;

/// What an origin annotation says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ResourceOrigin {
    /// The resource's file, from the root of the build.
    File { path: String },
    /// The kustomization file or configuration that made or transformed it, and the plugin.
    Configured { configured_in: String, api_version: String, kind: String, name: String, namespace: String },
}

pub(super) const ORIGIN: &str = "config.kubernetes.io/origin";
pub(super) const TRANSFORMATIONS: &str = "alpha.config.kubernetes.io/transformations";

/// Annotations that kustomize uses while it builds, and takes away from every object at the end.
const INTERNAL: [&str; 18] = [
    "internal.config.kubernetes.io/previousKinds",
    "internal.config.kubernetes.io/previousNames",
    "internal.config.kubernetes.io/prefixes",
    "internal.config.kubernetes.io/suffixes",
    "internal.config.kubernetes.io/previousNamespaces",
    "internal.config.kubernetes.io/allowNameChange",
    "internal.config.kubernetes.io/allowKindChange",
    "internal.config.kubernetes.io/refBy",
    "internal.config.kubernetes.io/generatorBehavior",
    "internal.config.kubernetes.io/needsHashSuffix",
    "internal.config.kubernetes.io/path",
    "internal.config.kubernetes.io/index",
    "internal.config.kubernetes.io/seqindent",
    "internal.config.kubernetes.io/id",
    "internal.config.kubernetes.io/annotations-migration-resource-id",
    "config.kubernetes.io/path",
    "config.kubernetes.io/index",
    "config.k8s.io/id",
];
const HELM: &str = "internal.config.kubernetes.io/helm-generated";

impl ResourceOrigin {
    /// The origin of what a field of a kustomization file makes or changes.
    pub(super) fn builtin(folder: &str, file_name: &str, kind: &str) -> Self {
        Self::Configured {
            configured_in: path::join(folder, file_name),
            api_version: "builtin".to_owned(),
            kind: kind.to_owned(),
            name: String::new(),
            namespace: String::new(),
        }
    }

    /// The text of the annotation.
    pub(super) fn text(&self) -> String {
        self.lines().join("\n") + "\n"
    }

    /// The lines of its YAML.
    fn lines(&self) -> Vec<String> {
        match self {
            Self::File { path } => vec![format!("path: {path}")],
            Self::Configured { configured_in, api_version, kind, name, namespace } => {
                let field = |key, value: &String| (!value.is_empty()).then(|| format!("  {key}: {}", as_yaml(value)));
                let fields = [
                    field("apiVersion", api_version),
                    field("kind", kind),
                    field("name", name),
                    field("namespace", namespace),
                ];
                let head = [format!("configuredIn: {configured_in}"), "configuredBy:".to_owned()];
                head.into_iter().chain(fields.into_iter().flatten()).collect()
            }
        }
    }
}

/// Notes a transformer that ran over all resources.
pub(super) fn note_transformation(resources: &mut ResMap, origin: &ResourceOrigin) {
    for resource in resources.iter_mut() {
        match &resource.origin {
            None => resource.origin = Some(origin.clone().into()),
            Some(_) => resource.transformations.push(origin.clone()),
        }
        notes::write_anew(resource);
    }
}

/// Gives the finished resources the annotations and the label that the root asks for, and takes kustomize's own away.
pub(super) fn finish(resources: &mut ResMap, root: &Kustomization, problems: &mut Vec<Problem>) {
    let option = |word: &str| root.build_metadata.iter().find(|node| node.text() == Some(word));
    if let Some(managed_by) = option("managedByLabel") {
        let origin = managed_by.origin.clone();
        let key = Node::string("app.kubernetes.io/managed-by", origin.clone());
        let pair = Entry { key, value: Node::string("kustomize-v5.8.1", origin) };
        set_labels(resources, &[pair], &[FieldSpec::everywhere("metadata/labels", true)], problems);
    }
    for resource in resources.iter_mut() {
        if let Some(list) = clean(resource) {
            problems.push(Problem::new(
                ProblemKind::KustomizeFailed,
                format!("annotations of `{}` must be a mapping", resource.id()),
                list,
            ));
        }
        if let (Some(option), Some(origin)) = (option("originAnnotations"), &resource.origin) {
            annotate(&mut resource.node, ORIGIN, origin.text(), &option.origin);
        }
        if let Some(option) = option("transformerAnnotations").filter(|_| !resource.transformations.is_empty()) {
            let text = transformations(&resource.transformations);
            annotate(&mut resource.node, TRANSFORMATIONS, text, &option.origin);
        }
    }
}

/// A text in quotes where YAML needs them.
fn as_yaml(text: &str) -> String {
    let printed = print::resource(&Node::string(text, Origin::default()));
    printed.map_or_else(|_| text.to_owned(), |line| line.trim_end().to_owned())
}

/// The text of the annotation of transformers.
pub(super) fn transformations(origins: &[ResourceOrigin]) -> String {
    origins.iter().map(list_item).collect()
}

fn list_item(origin: &ResourceOrigin) -> String {
    let lines = origin.lines();
    lines.iter().enumerate().map(|(index, line)| format!("{}{line}\n", if index == 0 { "- " } else { "  " })).collect()
}

/// kustomize writes all annotations anew at the end: values become strings, a map without entries vanishes. The place of
/// annotations that it cannot read.
fn clean(resource: &mut Resource) -> Option<Option<Span>> {
    let metadata = resource.node.get_mut("metadata").and_then(Node::as_mapping_mut)?;
    let annotations = metadata.get_mut("annotations")?;
    let (origin, place) = (annotations.origin.clone(), annotations.place());
    let is_own = |key: &str| INTERNAL.contains(&key) || [HELM, ORIGIN, TRANSFORMATIONS].contains(&key);
    let kept = |entry: &&mut Entry| !is_quoted_merge(&entry.key) && !entry.key.text().is_some_and(is_own);
    let Some(mut entries) = notes::entries_of(std::mem::replace(annotations, Node::plain("", origin.clone()))) else {
        return Some(place);
    };
    let entries: Vec<Entry> = entries.iter_mut().filter(kept).map(as_text).collect();
    if entries.is_empty() {
        metadata.remove("annotations");
    } else {
        metadata.set("annotations", Node::mapping(entries, origin));
    }
    None
}

fn as_text(entry: &mut Entry) -> Entry {
    let origin = entry.value.origin.clone();
    let text = entry.value.text().unwrap_or_default();
    let style = if text.contains('\n') { Style::Literal } else { Style::DoubleQuoted };
    let key = created_key(entry.key.text().unwrap_or_default(), entry.key.origin.clone());
    Entry { key, value: Node::scalar(text, style, origin) }
}

fn annotate(node: &mut Node, key: &str, text: String, origin: &Origin) {
    let Some(metadata) = node.get_mut("metadata") else { return };
    if let Some(annotations) = mapping_at(metadata, "annotations", origin) {
        annotations.set(key, created_string(text, origin.clone()));
    }
}
