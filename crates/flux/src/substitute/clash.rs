//! Objects that substitution gives one identity (flux-build-semantics section 4.3).

use std::collections::HashMap;
use std::sync::Arc;

use super::blame::object_place;
use fleetlint_kustomize::{Gvk, ResourceId};
use fleetlint_yaml::Node;
use fleetlint_yaml::problem::{Problem, ProblemKind};

/// The problems of a Kustomization's objects, before and after substitution in the same order: Flux puts each object back
/// by its new identity and fails where another object has it at that moment.
pub fn clashes(before: &[Arc<Node>], after: &[Arc<Node>]) -> Vec<Problem> {
    if before.iter().zip(after).all(|(old, new)| Arc::ptr_eq(old, new) || names_the_same(old, new)) {
        return Vec::new();
    }
    let mut holders: HashMap<Key, Vec<usize>> = HashMap::new();
    for (index, node) in before.iter().enumerate() {
        holders.entry(key(node)).or_default().push(index);
    }
    let mut problems = Vec::new();
    for (index, (old, new)) in before.iter().zip(after).enumerate() {
        let (old_key, new_key) = (key(old), key(new));
        if old_key == new_key {
            continue;
        }
        if let Some(indices) = holders.get_mut(&old_key) {
            indices.retain(|&other| other != index);
        }
        let indices = holders.entry(new_key).or_default();
        problems.extend(indices.first().and_then(|&other| Some(clash(new, after.get(other)?))));
        indices.push(index);
    }
    problems
}

/// Whether all fields that identify an object are the same: most substitutions leave them alone.
fn names_the_same(old: &Node, new: &Node) -> bool {
    let is_same = |old: &Node, new: &Node, field: &str| match (old.get(field), new.get(field)) {
        (Some(old), Some(new)) => old.text() == new.text() && old.is_null() == new.is_null(),
        (old, new) => old.is_none() && new.is_none(),
    };
    let fields = |names: &[&str], old: &Node, new: &Node| names.iter().all(|field| is_same(old, new, field));
    let metadata = match (old.get("metadata"), new.get("metadata")) {
        (Some(old), Some(new)) => fields(&["name", "namespace"], old, new),
        (old, new) => old.is_none() && new.is_none(),
    };
    metadata && fields(&["apiVersion", "kind"], old, new)
}

type Key = (Gvk, String, String);

fn key(node: &Node) -> Key {
    let id = ResourceId::of(node);
    let namespace = id.effective_namespace().to_owned();
    (id.gvk, id.name.to_string(), namespace)
}

fn clash(node: &Node, other: &Node) -> Problem {
    let id = ResourceId::of(node);
    let message = format!("variable substitution turns this into a second `{}/{}`", id.gvk.kind, id.name);
    Problem::new(ProblemKind::SubstitutionFailed, message, object_place(node))
        .related(object_place(other), "the first one")
        .help("give the two objects names that differ whatever the values of their variables")
}
