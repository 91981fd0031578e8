//! Patches: strategic merge and JSON patches, and what they are for (kustomize-semantics, section 6).

pub(super) mod entry;
pub(super) mod json6902;
mod labels;
mod pointer;
mod schema;
pub(super) mod schemas;
pub(super) mod selector;
pub(super) mod strategic;
mod unmatched;

use fleetlint_yaml::go_float::general;
use fleetlint_yaml::print::style_of;
use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::scalar::UNTYPED;
use fleetlint_yaml::{Entry, Node, Span, Style, Value, print};

use super::annotations::entries_of;
use super::budget::Budget;
use super::id::ResourceId;
use super::json;
use super::node_edit::{created_key, created_string, mapping_at, without_type};
use super::resmap::ResMap;
use super::resource::Resource;
use super::resource::notes;
use super::secret;
use super::unprintable::unprintable;

use json6902::Operation;
use schemas::Schemas;
use strategic::Refusal;
use unmatched::unmatched;

/// A strategic-merge patch, and what it may change beyond the content.
#[derive(Clone, Copy)]
pub(super) struct StrategicPatch<'a> {
    pub(super) root: &'a Node,
    /// The entry of the kustomization file.
    pub(super) place: Option<Span>,
    pub(super) allow_name_change: bool,
    pub(super) allow_kind_change: bool,
    /// What is known about types.
    pub(super) schemas: &'a Schemas,
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
        // It may be among what could not be read: that is reported already.
        let is_lacking = found.is_empty() && resources.is_lacking;
        return if is_lacking { Ok(()) } else { Err(unmatched(&id, &found, resources, patch)) };
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
    indices.iter().rev().try_for_each(|index| patch_at(resources, *index, patch, budget))?;
    resources.drop_repeated(|_| true).into_iter().next().map_or(Ok(()), Err)
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
    let refused = |refusal: Refusal| {
        refused(refusal, place, &id, target).help(
            "check the path against the object at that point: the parents of a field must exist, and `replace` in a list, `remove` and `test` need the field itself",
        )
    };
    if let Some((refusal, help)) = json6902::malformed(operations) {
        return Err(self::refused(refusal, place, &id, target).help(help));
    }
    notes::show(resource);
    let internal = internal_annotations(&resource.node);
    let node = &mut resource.node;
    if let Err(message) = json::normalise_printed(node) {
        notes::hide(resource);
        let refusal = Refusal { message, place: target };
        let found = print::refusal(&resource.node).map(|found| unprintable(resource, &found));
        return Err(found.unwrap_or_else(|| refused(refusal)));
    }
    let result = json6902::apply(node, operations, place, budget).and_then(|()| {
        print::check_written(node).map_err(|message| Refusal { message, place: target })?;
        round(node);
        write_annotations_anew(node, internal, remember)
    });
    notes::hide(resource);
    result.map_err(refused)?;
    resource.unalias();
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
        resource.sync_aliases();
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
    if patch.allow_name_change || patch.allow_kind_change {
        mark(&mut root, patch);
    }
    json6902::stamp(&mut root, patch.place);
    secret::note(&mut root);
    let target = resource.place();
    let id = resource.id();
    notes::show(resource);
    let merged = strategic::merge(resource.node.clone(), &root, patch.schemas);
    if merged.is_err() || replaces_all(&root) {
        notes::hide(resource);
    }
    let merged = merged.map_err(|refusal| {
        refused(refusal, patch.place, &id, target)
            .help("give the patch the shape of the object: mappings over mappings, lists over lists")
    })?;
    if replaces_all(&root) {
        kept.restore(&mut resource.node, patch);
        return Ok(true);
    }
    let Some(merged) = merged.filter(|merged| !strategic::is_nothing(merged)) else { return Ok(false) };
    resource.node = merged;
    notes::hide(resource);
    keep_last_annotations(&mut resource.node);
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
    secret::note(&mut resource.node);
    Ok(true)
}

/// kustomize writes annotations again through a map: of one that a new mapping has twice the last value stays.
fn keep_last_annotations(node: &mut Node) {
    let annotations = node.get("metadata").and_then(|metadata| metadata.get("annotations"));
    let entries = annotations.map(Node::entries).unwrap_or_default();
    let is_repeated = |index: usize| {
        let key = entries.get(index).and_then(|entry| entry.key.text());
        entries.iter().skip(index + 1).any(|later| later.key.text() == key)
    };
    let repeated: Vec<usize> = (0..entries.len()).filter(|&index| is_repeated(index)).collect();
    if repeated.is_empty() {
        return;
    }
    let annotations = node.get_mut("metadata").and_then(|metadata| metadata.get_mut("annotations"));
    if let Some(mapping) = annotations.and_then(Node::as_mapping_mut) {
        repeated.into_iter().rev().for_each(|index| drop(mapping.entries.remove(index)));
    }
}

/// What a strategic-merge patch does not change unless it may.
struct Kept {
    kind: Option<Node>,
    name: Option<Node>,
    namespace: Option<Node>,
}

impl Kept {
    fn of(node: &Node) -> Self {
        let metadata = |key| node.get("metadata")?.get(key).filter(|value| !value.is_null()).cloned();
        Self { kind: node.get("kind").cloned(), name: metadata("name"), namespace: metadata("namespace") }
    }

    fn restore(self, node: &mut Node, patch: StrategicPatch<'_>) {
        let Some(root) = node.as_mapping_mut() else { return };
        let nothing = || Node::plain("", patch.root.origin.clone());
        if !patch.allow_kind_change {
            let kind = without_type(self.kind.unwrap_or_else(nothing), root.get("kind"));
            root.set("kind", kind);
        }
        if root.get("metadata").is_none_or(|metadata| metadata.as_mapping().is_none()) {
            root.set("metadata", Node::mapping(Vec::new(), patch.root.origin.clone()));
        }
        let Some(metadata) = root.get_mut("metadata").and_then(Node::as_mapping_mut) else { return };
        if !patch.allow_name_change {
            let name = without_type(self.name.unwrap_or_else(nothing), metadata.get("name"));
            metadata.set("name", name);
        }
        match self.namespace.filter(|namespace| namespace.text().is_some_and(|text| !text.is_empty())) {
            Some(namespace) => {
                let namespace = without_type(namespace, metadata.get("namespace"));
                metadata.set("namespace", namespace);
            }
            None => drop(metadata.remove("namespace")),
        }
    }
}

/// kustomize drops what a patch makes that replaces the whole object: everything stays.
fn replaces_all(root: &Node) -> bool {
    root.get("$patch").and_then(Node::text) == Some("replace")
}

/// kustomize notes in a patch's annotations what it may change, and writes these again for that.
fn mark(root: &mut Node, patch: StrategicPatch<'_>) {
    let origin = patch.root.origin.clone();
    let Some(metadata) = mapping_at(root, "metadata", &origin) else { return };
    let mut entries = metadata.remove("annotations").map(|old| old.entries().to_vec()).unwrap_or_default();
    entries.iter_mut().for_each(as_string);
    let marks = [("allowNameChange", patch.allow_name_change), ("allowKindChange", patch.allow_kind_change)];
    for (mark, _) in marks.into_iter().filter(|(_, is_set)| *is_set) {
        let key = created_key(format!("{}{mark}", notes::INTERNAL), origin.clone());
        entries.push(Entry { key, value: created_string("enabled", origin.clone()) });
    }
    metadata.set("annotations", Node::mapping(entries, origin));
}

/// What kustomize does to a patch that it copies: labels and annotations become strings, even null, and the API version
/// is that of the target.
fn copy(root: &mut Node, api_version: Option<&Node>) {
    let Some(root) = root.as_mapping_mut() else { return };
    match api_version {
        Some(api_version) => root.set("apiVersion", api_version.clone()),
        None => drop(root.remove("apiVersion")),
    }
    root.get_mut("kind").into_iter().for_each(set_anew);
    let Some(metadata) = root.get_mut("metadata").and_then(Node::as_mapping_mut) else { return };
    metadata.get_mut("name").into_iter().for_each(set_anew);
    metadata.get_mut("namespace").into_iter().for_each(set_anew);
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

/// kustomize sets a scalar again, without its type.
fn set_anew(node: &mut Node) {
    if node.as_scalar().is_some() && !node.is_null() {
        node.tag = Some(UNTYPED.into());
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

/// And reads the result with all numbers as Go's `float64`, and with quotes only where a text needs them.
fn round(node: &mut Node) {
    match &mut node.value {
        Value::Scalar(scalar) if scalar.style == Style::Plain => {
            if let Ok(float) = scalar.text.parse::<f64>()
                && float.is_finite()
            {
                scalar.text = general(&format!("{float:e}"), format!("{float}")).into();
            }
        }
        Value::Scalar(scalar) => scalar.style = style_of(&scalar.text),
        Value::Sequence(items) => items.iter_mut().for_each(round),
        Value::Mapping(mapping) => mapping.entries.iter_mut().for_each(|entry| round(&mut entry.value)),
    }
}

/// The annotations that kustomize restores after a JSON patch.
fn internal_annotations(node: &Node) -> Vec<Entry> {
    let annotations = node.get("metadata").and_then(|metadata| metadata.get("annotations"));
    let is_internal = |entry: &&Entry| {
        entry.key.text().is_some_and(|key| {
            key.starts_with(notes::INTERNAL)
                || matches!(key, "config.kubernetes.io/path" | "config.kubernetes.io/index" | "config.k8s.io/id")
        })
    };
    let entries = annotations.map(Node::entries).unwrap_or_default().iter().filter(is_internal);
    let as_text = |entry: &Entry| {
        let text = Some(&entry.value).filter(|value| !value.is_null()).and_then(Node::text).unwrap_or_default();
        Entry { key: entry.key.clone(), value: created_string(text, entry.value.origin.clone()) }
    };
    entries.map(as_text).collect()
}

/// kustomize writes all annotations again after a JSON patch: values become strings. A list is read as keys and values in
/// turn. Where it cannot write them, `patches` leaves them empty.
fn write_annotations_anew(node: &mut Node, internal: Vec<Entry>, forgives: bool) -> Result<(), Refusal> {
    let origin = node.origin.clone();
    let old =
        node.get_mut("metadata").and_then(Node::as_mapping_mut).and_then(|metadata| metadata.remove("annotations"));
    let place = old.as_ref().and_then(Node::place);
    let refuse = |message: &str| Refusal { message: message.to_owned(), place };
    let mut entries = match old.map(entries_of) {
        Some(None) => return Err(refuse("`metadata.annotations` must be a mapping")),
        Some(Some(entries)) => entries,
        None => Vec::new(),
    };
    entries.iter_mut().for_each(number_as_string);
    for entry in internal {
        entries.retain(|own| own.key.text() != entry.key.text());
        entries.push(entry);
    }
    if entries.is_empty() {
        return Ok(());
    }
    if entries.iter().any(|entry| entry.key.text() == Some("")) {
        entries.clear();
        if !forgives {
            return Err(refuse("an annotation must have a name"));
        }
    }
    match mapping_at(node, "metadata", &origin) {
        Some(metadata) => metadata.set("annotations", Node::mapping(entries, origin)),
        None if forgives => {}
        None => return Err(refuse("`metadata` must be a mapping")),
    }
    Ok(())
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
