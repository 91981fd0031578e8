//! Patches: strategic merge and JSON patches, and what they are for (kustomize-semantics, section 6).

pub(super) mod entry;
pub(super) mod json6902;
mod labels;
mod list;
mod pointer;
mod schema;
pub(super) mod selector;
pub(super) mod strategic;

use crate::problem::{Problem, ProblemKind};
use crate::yaml::go_float::general;
use crate::yaml::print::refolded;
use crate::yaml::{Entry, Node, Span, Style, Value};

use super::budget::Budget;
use super::id::ResourceId;
use super::json;
use super::node_edit::{STRING_TAG, created_key, created_string, is_yaml_1_1_word};
use super::resmap::ResMap;
use super::resource::Resource;

use json6902::Operation;
use strategic::Refusal;

/// A strategic-merge patch, and what it may change beyond the content.
#[derive(Clone, Copy, Debug)]
pub(super) struct StrategicPatch<'a> {
    pub(super) root: &'a Node,
    /// The entry of the kustomization file.
    pub(super) place: Option<Span>,
    pub(super) allow_name_change: bool,
    pub(super) allow_kind_change: bool,
    /// It came with a target, or through `patchesStrategicMerge`: kustomize then copies it first.
    pub(super) copied: bool,
}

/// Lays a strategic-merge patch over the resource that it names.
pub(super) fn patch_named(
    resources: &mut ResMap,
    patch: StrategicPatch<'_>,
    budget: &mut Budget,
) -> Result<(), Problem> {
    let id = ResourceId::of(patch.root);
    budget.look(resources.len()).map_err(|message| too_much(message, patch.place))?;
    let found = resources.find_any(&id);
    let [index] = found.as_slice() else {
        return Err(unmatched(&id, &found, resources, patch));
    };
    patch_at(resources, *index, patch, budget)
}

/// Lays a strategic-merge patch over the resources at these indices, in ascending order.
pub(super) fn patch_selected(
    resources: &mut ResMap,
    indices: &[usize],
    patch: StrategicPatch<'_>,
    budget: &mut Budget,
) -> Result<(), Problem> {
    indices.iter().rev().try_for_each(|index| patch_at(resources, *index, patch, budget))
}

/// Applies a JSON patch to a resource.
pub(super) fn patch_json(
    resource: &mut Resource,
    operations: &[Operation],
    place: Option<Span>,
    remember: bool,
    budget: &mut Budget,
) -> Result<(), Problem> {
    if remember {
        resource.store_previous_id();
    }
    let target = resource.place();
    let id = resource.id();
    let refused = |refusal: Refusal| refused(refusal, place, &id, target);
    // Also where there is no name to remember.
    let has_notes = remember || resource.has_notes();
    let node = &mut resource.node;
    through_json(node).map_err(|message| refused(Refusal { message, place: target }))?;
    if let Some(metadata) = node.get_mut("metadata").and_then(Node::as_mapping_mut)
        && metadata.get("annotations").is_none()
        && has_notes
    {
        let origin = json_origin(place);
        metadata
            .entries
            .push(Entry { key: Node::string("annotations", origin.clone()), value: Node::mapping(Vec::new(), origin) });
    }
    json6902::apply(node, operations, place, budget).map_err(refused)?;
    round(node);
    let annotations = node.get("metadata").and_then(|metadata| metadata.get("annotations"));
    if let Some(list) = annotations.filter(|annotations| !annotations.items().is_empty()) {
        let message = "`metadata.annotations` must be a mapping".to_owned();
        return Err(refused(Refusal { message, place: list.place() }));
    }
    write_annotations_anew(node);
    resource.part_shared();
    Ok(())
}

fn patch_at(
    resources: &mut ResMap,
    index: usize,
    patch: StrategicPatch<'_>,
    budget: &mut Budget,
) -> Result<(), Problem> {
    let Some(resource) = resources.get_mut(index) else { return Ok(()) };
    let paid = budget.copy(patch.root.size()).and_then(|()| budget.look(resource.node.size()));
    paid.map_err(|message| too_much(message, patch.place))?;
    if lay_over(resource, patch)? {
        resource.settle_shared();
    } else {
        resources.remove(index);
    }
    Ok(())
}

/// Lays a patch over a resource; says whether the resource is still there.
fn lay_over(resource: &mut Resource, patch: StrategicPatch<'_>) -> Result<bool, Problem> {
    if patch.allow_name_change || patch.allow_kind_change {
        resource.store_previous_id();
    }
    let kept = Kept::of(&resource.node);
    let mut root = patch.root.clone();
    if patch.copied {
        copy(&mut root, resource.node.get("apiVersion"));
    }
    if replaces_annotations(&root) && !replaces_all(&root) {
        resource.forget();
    }
    json6902::stamp(&mut root, patch.place);
    let target = resource.place();
    let id = resource.id();
    if replaces_all(&root) {
        kept.restore(&mut resource.node, patch);
        return Ok(true);
    }
    let merged =
        strategic::merge(resource.node.clone(), &root).map_err(|refusal| refused(refusal, patch.place, &id, target))?;
    let Some(merged) = merged.filter(|merged| !list::is_nothing(merged)) else { return Ok(false) };
    resource.node = merged;
    if patch.copied && resource.node.get("apiVersion").is_none() {
        let origin = patch.root.origin.clone();
        let style = patch.root.get("apiVersion").and_then(Node::as_scalar).map_or(Style::Plain, |own| own.style);
        resource
            .node
            .as_mapping_mut()
            .into_iter()
            .for_each(|root| root.set("apiVersion", Node::scalar("", style, origin.clone())));
    }
    kept.restore(&mut resource.node, patch);
    Ok(true)
}

/// What a strategic-merge patch does not change unless it may.
struct Kept {
    kind: Option<Node>,
    name: Option<Node>,
    namespace: Option<Node>,
}

impl Kept {
    fn of(node: &Node) -> Self {
        let metadata = |key| node.get("metadata").and_then(|metadata| metadata.get(key)).cloned();
        Self { kind: node.get("kind").cloned(), name: metadata("name"), namespace: metadata("namespace") }
    }

    fn restore(self, node: &mut Node, patch: StrategicPatch<'_>) {
        let Some(root) = node.as_mapping_mut() else { return };
        if let Some(kind) = self.kind.filter(|_| !patch.allow_kind_change) {
            let kind = without_tag(kind, root.get("kind"));
            root.set("kind", kind);
        }
        if root.get("metadata").is_none_or(|metadata| metadata.as_mapping().is_none()) {
            root.set("metadata", Node::mapping(Vec::new(), patch.root.origin.clone()));
        }
        let Some(metadata) = root.get_mut("metadata").and_then(Node::as_mapping_mut) else { return };
        if let Some(name) = self.name.filter(|_| !patch.allow_name_change) {
            let name = without_tag(name, metadata.get("name"));
            metadata.set("name", name);
        }
        match self.namespace.filter(|namespace| namespace.text() != Some("")) {
            Some(namespace) => {
                let namespace = without_tag(namespace, metadata.get("namespace"));
                metadata.set("namespace", namespace);
            }
            None => drop(metadata.remove("namespace")),
        }
    }
}

/// kustomize writes what it keeps anew, without a type: what looks like a number becomes one, unless the field is quoted.
fn without_tag(kept: Node, field: Option<&Node>) -> Node {
    let Some(text) = kept.text() else { return kept };
    let style = match field.and_then(Node::as_scalar) {
        Some(field) => field.style,
        None if is_yaml_1_1_word(text) => Style::DoubleQuoted,
        None => Style::Plain,
    };
    Node::scalar(text, style, kept.origin.clone())
}

/// kustomize drops what a patch makes that replaces the whole object: everything stays.
fn replaces_all(root: &Node) -> bool {
    root.get("$patch").and_then(Node::text) == Some("replace")
}

/// Whether nothing is left of an object's annotations, in which kustomize keeps its notes on it.
fn replaces_annotations(root: &Node) -> bool {
    let replaces =
        |node: &Node| node.is_null() || matches!(node.get("$patch").and_then(Node::text), Some("replace" | "delete"));
    let metadata = root.get("metadata");
    let annotations = metadata.and_then(|metadata| metadata.get("annotations"));
    [metadata, annotations].into_iter().flatten().any(replaces)
}

/// What kustomize does to a patch that it copies: labels and annotations become strings, even null, and the API version
/// is that of the target.
fn copy(root: &mut Node, api_version: Option<&Node>) {
    let Some(root) = root.as_mapping_mut() else { return };
    match api_version {
        Some(api_version) => root.set("apiVersion", api_version.clone()),
        None => drop(root.remove("apiVersion")),
    }
    let Some(metadata) = root.get_mut("metadata").and_then(Node::as_mapping_mut) else { return };
    for field in ["labels", "annotations"] {
        let Some(map) = metadata.get_mut(field) else { continue };
        if map.entries().is_empty() {
            metadata.remove(field);
            continue;
        }
        let Some(map) = map.as_mapping_mut() else { continue };
        map.flow = false;
        map.entries.iter_mut().for_each(as_string);
    }
}

fn as_string(entry: &mut Entry) {
    let text = entry.value.text().unwrap_or_default();
    entry.value = created_string(text, entry.value.origin.clone());
}

/// Numbers as Go writes a `float64`.
fn number_as_string(entry: &mut Entry) {
    entry.key = created_key(entry.key.text().unwrap_or_default(), entry.key.origin.clone());
    let number = entry.value.as_scalar().filter(|scalar| scalar.style == Style::Plain && entry.value.tag.is_none());
    let number = number.and_then(|scalar| scalar.text.parse::<f64>().ok()).filter(|number| number.is_finite());
    match number.map(|number| general(&format!("{number:e}"), format!("{number}"))) {
        Some(text) => entry.value = created_string(text, entry.value.origin.clone()),
        None => as_string(entry),
    }
}

/// kustomize writes the object as JSON before it patches it.
fn through_json(node: &mut Node) -> Result<(), String> {
    refold(node);
    json::normalise(node)
}

fn refold(node: &mut Node) {
    match &mut node.value {
        Value::Scalar(_) => {
            if let Some(text) = refolded(node) {
                *node = Node::string(text, node.origin.clone());
            }
        }
        Value::Sequence(items) => items.iter_mut().for_each(refold),
        Value::Mapping(mapping) => mapping.entries.iter_mut().for_each(|entry| refold(&mut entry.value)),
    }
}

/// Whether a text needs no quotes whatever reads it.
fn is_word(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    let other = matches!(text.to_ascii_lowercase().as_str(), "null" | "true" | "false");
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(is_plain)
        && !other
        && !is_yaml_1_1_word(text)
}

/// And reads the result with all numbers as Go's `float64`, and with quotes only where a text needs them.
fn round(node: &mut Node) {
    match &mut node.value {
        Value::Scalar(scalar) if scalar.style == crate::yaml::Style::Plain && scalar.text.len() > 15 => {
            if let Ok(float) = scalar.text.parse::<f64>()
                && float.is_finite()
            {
                scalar.text = format!("{float}").into();
            }
        }
        Value::Scalar(scalar) if scalar.style == Style::DoubleQuoted && is_word(&scalar.text) => {
            scalar.style = Style::Plain;
            node.tag = Some(STRING_TAG.into());
        }
        Value::Scalar(_) => {}
        Value::Sequence(items) => items.iter_mut().for_each(round),
        Value::Mapping(mapping) => mapping.entries.iter_mut().for_each(|entry| round(&mut entry.value)),
    }
}

/// kustomize writes all annotations anew after a JSON patch: values become strings.
fn write_annotations_anew(node: &mut Node) {
    let Some(metadata) = node.get_mut("metadata").and_then(Node::as_mapping_mut) else { return };
    match metadata.get_mut("annotations").map(|annotations| &mut annotations.value) {
        Some(Value::Mapping(mapping)) if !mapping.entries.is_empty() => {
            mapping.entries.iter_mut().for_each(number_as_string);
        }
        _ => drop(metadata.remove("annotations")),
    }
}

fn json_origin(place: Option<Span>) -> crate::yaml::Origin {
    crate::yaml::Origin { span: place, patch: place, variable: None }
}

fn unmatched(id: &ResourceId, found: &[usize], resources: &ResMap, patch: StrategicPatch<'_>) -> Problem {
    let place = patch.root.at("/metadata/name").and_then(Node::place).or(patch.root.place()).or(patch.place);
    let message = match found {
        [] => format!("no resource matches strategic merge patch `{id}`"),
        _ => format!("multiple resources match strategic merge patch `{id}`"),
    };
    let problem = Problem::new(ProblemKind::KustomizeFailed, message, place)
        .related(patch.place, "required by this entry")
        .help("a patch without `target` needs the apiVersion, kind, name and namespace of exactly one resource");
    let matches = found.iter().filter_map(|&index| resources.get(index));
    matches.fold(problem, |problem, resource| problem.related(resource.place(), "matches"))
}

fn too_much(message: String, entry: Option<Span>) -> Problem {
    Problem::new(ProblemKind::KustomizeFailed, message, entry)
}

fn refused(refusal: Refusal, entry: Option<Span>, id: &ResourceId, target: Option<Span>) -> Problem {
    let message = format!("cannot patch `{id}`: {}", refusal.message);
    Problem::new(ProblemKind::KustomizeFailed, message, refusal.place.or(entry))
        .related(entry, "required by this entry")
        .related(target, "the resource")
}
