//! `buildMetadata`: annotations that tell where objects came from (kustomize-semantics, section 14).

use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::{Entry, Node, Origin, Span, Style};

use super::Kustomization;
use super::annotations::entries_of;
use super::field_spec::FieldSpec;
use super::node_edit::{created_key, created_string, is_quoted_merge, mapping_at};
use super::resmap::ResMap;
use super::resource::{Resource, notes};
use super::resource_origin::{ORIGIN, ResourceOrigin, TRANSFORMATIONS, transformations};
use super::transform::set_labels;

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

/// kustomize writes all annotations again at the end: values become strings, a map without entries vanishes. The place of
/// annotations that it cannot read.
fn clean(resource: &mut Resource) -> Option<Option<Span>> {
    let metadata = resource.node.get_mut("metadata").and_then(Node::as_mapping_mut)?;
    let annotations = metadata.get_mut("annotations")?;
    let (origin, place) = (annotations.origin.clone(), annotations.place());
    let is_own = |key: &str| INTERNAL.contains(&key) || [HELM, ORIGIN, TRANSFORMATIONS].contains(&key);
    let kept = |entry: &&mut Entry| !is_quoted_merge(&entry.key) && !entry.key.text().is_some_and(is_own);
    let Some(mut entries) = entries_of(std::mem::replace(annotations, Node::plain("", origin.clone()))) else {
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
