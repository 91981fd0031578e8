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
use crate::yaml::print::refolded;
use crate::yaml::{Entry, Node, Span, Value};

use super::id::ResourceId;
use super::json;
use super::node_edit::created_string;
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
pub(super) fn patch_named(resources: &mut ResMap, patch: StrategicPatch<'_>) -> Result<(), Problem> {
    let id = ResourceId::of(patch.root);
    let found = resources.find_any(&id);
    let [index] = found.as_slice() else {
        return Err(unmatched(&id, &found, resources, patch));
    };
    patch_at(resources, *index, patch)
}

/// Lays a strategic-merge patch over the resources at these indices, in ascending order.
pub(super) fn patch_selected(
    resources: &mut ResMap,
    indices: &[usize],
    patch: StrategicPatch<'_>,
) -> Result<(), Problem> {
    indices.iter().rev().try_for_each(|index| patch_at(resources, *index, patch))
}

/// Applies a JSON patch to a resource.
pub(super) fn patch_json(
    resource: &mut Resource,
    operations: &[Operation],
    place: Option<Span>,
    remember: bool,
) -> Result<(), Problem> {
    if remember {
        resource.store_previous_id();
    }
    let target = resource.place();
    let id = resource.id();
    let refused = |refusal: Refusal| refused(refusal, place, &id, target);
    let node = &mut resource.node;
    through_json(node).map_err(|message| refused(Refusal { message, place: target }))?;
    if let Some(metadata) = node.get_mut("metadata").and_then(Node::as_mapping_mut)
        && metadata.get("annotations").is_none()
    {
        let origin = json_origin(place);
        metadata
            .entries
            .push(Entry { key: Node::string("annotations", origin.clone()), value: Node::mapping(Vec::new(), origin) });
    }
    json6902::apply(node, operations, place).map_err(refused)?;
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

fn patch_at(resources: &mut ResMap, index: usize, patch: StrategicPatch<'_>) -> Result<(), Problem> {
    let Some(resource) = resources.get_mut(index) else { return Ok(()) };
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
        copy(&mut root);
    }
    json6902::stamp(&mut root, patch.place);
    let target = resource.place();
    let id = resource.id();
    let merged =
        strategic::merge(resource.node.clone(), &root).map_err(|refusal| refused(refusal, patch.place, &id, target))?;
    let Some(merged) = merged.filter(|merged| !list::is_nothing(merged)) else { return Ok(false) };
    resource.node = merged;
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
            root.set("kind", kind);
        }
        if root.get("metadata").is_none_or(|metadata| metadata.as_mapping().is_none()) {
            root.set("metadata", Node::mapping(Vec::new(), patch.root.origin.clone()));
        }
        let Some(metadata) = root.get_mut("metadata").and_then(Node::as_mapping_mut) else { return };
        if let Some(name) = self.name.filter(|_| !patch.allow_name_change) {
            metadata.set("name", name);
        }
        match self.namespace.filter(|namespace| namespace.text() != Some("")) {
            Some(namespace) => metadata.set("namespace", namespace),
            None => drop(metadata.remove("namespace")),
        }
    }
}

/// What kustomize does to a patch that it copies: labels and annotations become strings, even null, and the API version
/// is that of the target.
fn copy(root: &mut Node) {
    let Some(root) = root.as_mapping_mut() else { return };
    root.remove("apiVersion");
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

/// And reads the result with all numbers as Go's `float64`.
fn round(node: &mut Node) {
    match &mut node.value {
        Value::Scalar(scalar) if scalar.style == crate::yaml::Style::Plain && scalar.text.len() > 15 => {
            if let Ok(float) = scalar.text.parse::<f64>()
                && float.is_finite()
            {
                scalar.text = format!("{float}").into();
            }
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
            mapping.entries.iter_mut().for_each(as_string);
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

fn refused(refusal: Refusal, entry: Option<Span>, id: &ResourceId, target: Option<Span>) -> Problem {
    let message = format!("cannot patch `{id}`: {}", refusal.message);
    Problem::new(ProblemKind::KustomizeFailed, message, refusal.place.or(entry))
        .related(entry, "required by this entry")
        .related(target, "the resource")
}
