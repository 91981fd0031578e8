//! What happens when a generated object meets one of the same id: `behavior` (kustomize-semantics, section 11).

use std::collections::HashMap;

use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::{Entry, Node};

use super::super::node_edit::{created_key, created_string, is_quoted_merge, mapping_at, without_type};
use super::super::resmap::ResMap;
use super::super::resource::{Behavior, Resource};

/// Adds a generated object, or merges it with, or puts it in place of, the one that is or was called so. `false` where that
/// one may be among what could not be read: then the new one is left out.
pub(in super::super) fn absorb(resources: &mut ResMap, new: Resource, problems: &mut Vec<Problem>) -> bool {
    let matches = resources.find_any(&new.id());
    if matches.is_empty() && new.behavior != Behavior::Create && resources.is_lacking {
        return false;
    }
    take_in(resources, new, &matches, problems);
    true
}

fn take_in(resources: &mut ResMap, mut new: Resource, matches: &[usize], problems: &mut Vec<Problem>) {
    let id = new.id();
    let fail = |message: String| Problem::new(ProblemKind::KustomizeFailed, message, new.place());
    match (matches, new.behavior) {
        ([], Behavior::Create) => resources.append([new], problems),
        ([], Behavior::Merge | Behavior::Replace) => {
            let problem = fail(format!("id `{id}` does not exist; cannot merge or replace"));
            problems.push(problem.help("leave out `behavior` to create it, or use the name of an object of the bases"));
        }
        ([index], behavior) => {
            let Some(old) = resources.get(*index) else { return };
            if behavior == Behavior::Create {
                let message = format!("id `{id}` exists; behavior must be merge or replace");
                return problems.push(
                    fail(message)
                        .help("set `behavior: merge` or `behavior: replace`, or use a different name")
                        .related(old.place(), "first added here"),
                );
            }
            let kind = old.id().gvk.kind;
            let changed = fail(format!("`{id}` has become a `{kind}`: a generator cannot merge with it or replace it"));
            let changed = changed.related(old.place(), "first added here");
            take_over(&mut new, old, behavior);
            if resources.find_current(&new.id()) != [*index] {
                return problems.push(
                    changed.help("give the generator a different name, or remove the patch that changes the kind"),
                );
            }
            if let Some(old) = resources.get_mut(*index) {
                *old = new;
            }
        }
        _ => {
            let problem = fail(format!("found multiple objects that could accept merge of `{id}`"));
            problems.push(problem.help("select one of them with `namespace`"));
        }
    }
}

fn take_over(new: &mut Resource, old: &Resource, behavior: Behavior) {
    merge_texts(&mut new.node, &old.node, &["metadata", "labels"]);
    merge_texts(&mut new.node, &old.node, &["metadata", "annotations"]);
    if behavior == Behavior::Merge {
        let texts = without_nulls(&old.node);
        merge_texts(&mut new.node, &texts, &["data"]);
        merge_texts(&mut new.node, &texts, &["binaryData"]);
        new.origin = old.origin.clone().or(new.origin.take());
        let is_empty = |data: &Node| data.as_mapping().is_some_and(|map| map.entries.is_empty());
        if new.node.get("data").is_some_and(is_empty) {
            new.node.as_mapping_mut().into_iter().for_each(|root| drop(root.remove("data")));
        }
    }
    if let Some(metadata) = new.node.get_mut("metadata").and_then(Node::as_mapping_mut) {
        for field in ["name", "namespace"] {
            match old.node.get("metadata").and_then(|metadata| metadata.get(field)).filter(|value| is_text(value)) {
                Some(value) => {
                    let value = without_type(value.clone(), metadata.get(field));
                    metadata.set(field, value);
                }
                None => drop(metadata.remove(field)),
            }
        }
    }
    new.variables = old.variables.clone();
    new.previous = old.previous.clone();
    new.prefixes = old.prefixes.clone();
    new.suffixes = old.suffixes.clone();
    new.is_generated = old.is_generated;
    new.behavior = old.behavior;
    new.needs_hash &= old.needs_hash;
    new.transformations = old.transformations.clone();
}

fn is_text(value: &Node) -> bool {
    !value.is_null() && value.text().is_some_and(|text| !text.is_empty())
}

/// An object in whose data null is an empty text.
fn without_nulls(node: &Node) -> Node {
    let mut node = node.clone();
    for field in ["data", "binaryData"] {
        let Some(mapping) = node.get_mut(field).and_then(Node::as_mapping_mut) else { continue };
        for entry in mapping.entries.iter_mut().filter(|entry| entry.value.is_null()) {
            entry.value = Node::string("", entry.value.origin.clone());
        }
    }
    node
}

/// The old map with the new one's entries over it; all values become strings.
fn merge_texts(new: &mut Node, old: &Node, path: &[&str]) {
    let Some(old_map) = path.iter().try_fold(old, |node, key| node.get(key)).filter(|map| !map.entries().is_empty())
    else {
        return;
    };
    let Some((field, parents)) = path.split_last() else { return };
    let Some(parent) = parents.iter().try_fold(new, |node, key| node.get_mut(key)) else { return };
    let Some(mapping) = mapping_at(parent, field, &old_map.origin) else { return };
    let over = std::mem::take(&mut mapping.entries);
    let old_entries: Vec<&Entry> = old_map.entries().iter().filter(|entry| !is_quoted_merge(&entry.key)).collect();
    mapping.entries = old_entries.iter().map(|entry| as_text(entry)).collect();
    let places: HashMap<&str, usize> =
        (old_entries.iter().enumerate().rev()).filter_map(|(index, entry)| Some((entry.key.text()?, index))).collect();
    for entry in over {
        let known = places.get(entry.key.text().unwrap_or_default());
        match known.and_then(|&index| mapping.entries.get_mut(index)) {
            Some(old) => old.value = entry.value,
            None => mapping.entries.push(entry),
        }
    }
}

fn as_text(entry: &Entry) -> Entry {
    let text = entry.value.text().unwrap_or_default();
    let key = created_key(entry.key.text().unwrap_or_default(), entry.key.origin.clone());
    Entry { key, value: created_string(text, entry.value.origin.clone()) }
}
