//! What may be meant by the name of a field that does not exist.

use fleetlint_kustomize::near;
use fleetlint_yaml::Node;

use super::scalar::is_null;
use super::verdict::UnknownField;
use crate::kinds::{Field, Scope};

/// As many places of the same name are worth a look.
const MAX_ELSEWHERE: usize = 2;

/// The fields below a parent that may be meant, the nearest first. What is set already is not.
pub(super) fn near<'a>(name: &str, mapping: &Node, parent: Field, scope: Scope<'a>) -> Vec<&'static str> {
    let is_free = |field: &Field| mapping.get(field.name()).is_none_or(is_null);
    let known: Vec<&'static str> = parent.children(scope).filter(is_free).map(Field::name).collect();
    near::near(name, &known)
}

/// All that is known about an unknown field.
pub(super) fn unknown(name: &str, mapping: &Node, parent: Field, scope: Scope<'_>) -> UnknownField {
    let (mut newer, mut older) = (Vec::new(), Vec::new());
    let variants: Vec<Field> = parent.child(name, Scope::default()).into_iter().flat_map(Field::variants).collect();
    let mut is_before = true;
    for version in &parent.table().versions {
        let has = variants.iter().any(|it| it.versions().any(|it| it.name == version.name));
        match Some(version.name) == scope.version {
            true => is_before = false,
            false if has && is_before => newer.push(version.name),
            false if has => older.push(version.name),
            false => {}
        }
    }
    let near = near(name, mapping, parent, scope);
    let all: Vec<&'static str> = parent.children(scope).map(Field::name).collect();
    let set_too = near::near(name, &all).first().copied().filter(|_| near.is_empty());
    let is_explained = !near.is_empty() || set_too.is_some() || !newer.is_empty() || !older.is_empty();
    let elsewhere = if is_explained { Vec::new() } else { elsewhere(name, parent, scope) };
    let until = in_version(name, parent, scope).filter_map(Field::until).max();
    UnknownField { name: name.to_owned(), near, set_too, elsewhere, newer, older, until }
}

/// What the tables say of a field in the version in question, whatever the release.
pub(super) fn in_version<'a>(name: &str, parent: Field, scope: Scope<'a>) -> impl Iterator<Item = Field> + use<'a> {
    let variants = parent.child(name, Scope::default()).into_iter().flat_map(Field::variants);
    variants.filter(move |it| it.table().versions.is_empty() || it.versions().any(|it| Some(it.name) == scope.version))
}

/// The places of the spec with a field of this name that are the nearest to the top.
fn elsewhere(name: &str, parent: Field, scope: Scope<'_>) -> Vec<&'static str> {
    let mut level: Vec<Field> = parent.table().root().child("spec", scope).into_iter().collect();
    while !level.is_empty() {
        level = level.iter().flat_map(|field| field.children(scope)).collect();
        let found: Vec<&str> = level.iter().filter(|field| field.name() == name).map(|field| field.path()).collect();
        if !found.is_empty() {
            // Of a name that is everywhere no place is meant.
            return if found.len() > MAX_ELSEWHERE { Vec::new() } else { found };
        }
    }
    Vec::new()
}
