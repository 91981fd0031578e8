//! kustomize's own notes on an object. It keeps them in the object's annotations; here they are fields of the [`Resource`],
//! and annotations only while something can see or change those.

use smol_str::SmolStr;

use fleetlint_yaml::{Entry, Node, Origin};

use super::{Behavior, PreviousId, Resource};
use crate::annotations::{entries_of, make_room};
use crate::node_edit::{created_key, created_string, mapping_at};
use crate::resource_origin::{ORIGIN, TRANSFORMATIONS, transformations};

/// What the names of kustomize's own annotations start with.
pub(crate) const INTERNAL: &str = "internal.config.kubernetes.io/";

const KINDS: &str = "internal.config.kubernetes.io/previousKinds";
const NAMES: &str = "internal.config.kubernetes.io/previousNames";
const NAMESPACES: &str = "internal.config.kubernetes.io/previousNamespaces";
const PREFIXES: &str = "internal.config.kubernetes.io/prefixes";
const SUFFIXES: &str = "internal.config.kubernetes.io/suffixes";
const BEHAVIOR: &str = "internal.config.kubernetes.io/generatorBehavior";
const HASH: &str = "internal.config.kubernetes.io/needsHashSuffix";
const ALL: [&str; 9] = [KINDS, NAMES, NAMESPACES, PREFIXES, SUFFIXES, BEHAVIOR, HASH, ORIGIN, TRANSFORMATIONS];

/// Writes the notes into the annotations, which are made where there are none. Where they are null nobody sees the notes.
pub(crate) fn show(resource: &mut Resource) {
    let notes = texts(resource);
    if notes.is_empty() {
        return;
    }
    let origin = Origin::default();
    let Some(metadata) = resource.node.get_mut("metadata") else { return };
    if metadata.get("annotations").is_some_and(|annotations| annotations.as_mapping().is_none()) {
        return;
    }
    let Some(annotations) = mapping_at(metadata, "annotations", &origin) else { return };
    for (key, text) in notes {
        annotations.remove(key);
        let entry = Entry { key: created_key(key, origin.clone()), value: created_string(text, origin.clone()) };
        annotations.entries.add(entry);
    }
}

/// Takes the notes out of the annotations again, as they are now: what is gone is forgotten.
pub(crate) fn hide(resource: &mut Resource) {
    let mut taken: Vec<(SmolStr, SmolStr)> = Vec::new();
    if let Some(metadata) = resource.node.get_mut("metadata").and_then(Node::as_mapping_mut)
        && let Some(annotations) = metadata.get_mut("annotations").and_then(Node::as_mapping_mut)
    {
        for key in ALL {
            let text = annotations.remove(key).map(|value| value.text().unwrap_or_default().into());
            taken.extend(text.map(|text| (key.into(), text)));
        }
        if annotations.entries.is_empty() && !taken.is_empty() {
            metadata.remove("annotations");
            metadata.entries.shrink_to_fit();
        }
    }
    let note = |key: &str| taken.iter().find(|(own, _)| own == key).map(|(_, text)| text.as_str());
    read(resource, note);
}

/// Writes all annotations again, as kustomize does with each note that it does not just add: values become strings, and no
/// field shares them any more.
pub(crate) fn write_anew(resource: &mut Resource) {
    resource.part_shared_annotations();
    let Some(metadata) = resource.node.get_mut("metadata").and_then(Node::as_mapping_mut) else { return };
    let Some(annotations) = metadata.get_mut("annotations") else { return };
    let origin = annotations.origin.clone();
    let mut entries = entries_of(std::mem::replace(annotations, Node::plain("", origin.clone()))).unwrap_or_default();
    for entry in &mut entries {
        entry.value = created_string(entry.value.text().unwrap_or_default(), entry.value.origin.clone());
    }
    *annotations = Node::mapping(entries, origin);
    make_room(&mut resource.node);
}

/// Takes in what a file writes where kustomize keeps its notes.
pub(crate) fn take_in(resource: &mut Resource) {
    let annotations = resource.node.get("metadata").and_then(|metadata| metadata.get("annotations"));
    let is_note = |entry: &Entry| entry.key.text().is_some_and(|key| key.starts_with(INTERNAL) && ALL.contains(&key));
    if annotations.is_some_and(|annotations| annotations.entries().iter().any(is_note)) {
        hide(resource);
    }
}

fn texts(resource: &Resource) -> Vec<(&'static str, String)> {
    let list = |texts: Vec<&str>| (!texts.is_empty()).then(|| texts.join(","));
    let previous =
        |part: fn(&PreviousId) -> &SmolStr| resource.previous.iter().map(|id| part(id).as_str()).collect::<Vec<_>>();
    // Of a renaming without a name kustomize notes the kind and the namespace only.
    let lost = || std::iter::repeat_n("", resource.lost_ids);
    let behavior = match resource.behavior {
        _ if !resource.is_generated => None,
        Behavior::Create => Some("unspecified"),
        Behavior::Replace => Some("replace"),
        Behavior::Merge => Some("merge"),
    };
    let notes = [
        (KINDS, list(previous(|id| &id.kind).into_iter().chain(lost()).collect())),
        (NAMES, list(previous(|id| &id.name))),
        (NAMESPACES, list(previous(|id| &id.namespace).into_iter().chain(lost()).collect())),
        (PREFIXES, list(resource.prefixes.iter().map(SmolStr::as_str).collect())),
        (SUFFIXES, list(resource.suffixes.iter().map(SmolStr::as_str).collect())),
        (BEHAVIOR, behavior.map(str::to_owned)),
        (HASH, resource.needs_hash.then(|| "enabled".to_owned())),
        (ORIGIN, resource.origin.as_ref().map(|origin| origin.text())),
        (TRANSFORMATIONS, Some(transformations(&resource.transformations)).filter(|text| !text.is_empty())),
    ];
    notes.into_iter().filter_map(|(key, text)| Some((key, text?))).collect()
}

fn read<'t>(resource: &mut Resource, note: impl Fn(&str) -> Option<&'t str>) {
    let list = |key: &str| note(key).map(|text| text.split(',').map(SmolStr::new).collect()).unwrap_or_default();
    let (kinds, names, namespaces): (Vec<SmolStr>, Vec<SmolStr>, Vec<SmolStr>) =
        (list(KINDS), list(NAMES), list(NAMESPACES));
    resource.lost_ids = kinds.len().max(namespaces.len()).abs_diff(names.len());
    let ids = names.into_iter().zip(kinds).zip(namespaces);
    resource.previous = ids.map(|((name, kind), namespace)| PreviousId { kind, name, namespace }).collect();
    resource.prefixes = list(PREFIXES);
    resource.suffixes = list(SUFFIXES);
    resource.is_generated = note(BEHAVIOR).is_some();
    resource.behavior = match note(BEHAVIOR) {
        Some("merge") => Behavior::Merge,
        Some("replace") => Behavior::Replace,
        _ => Behavior::Create,
    };
    resource.needs_hash = note(HASH) == Some("enabled");
    if note(ORIGIN).is_none() {
        resource.origin = None;
    }
    if note(TRANSFORMATIONS).is_none() {
        resource.transformations.clear();
    }
}
