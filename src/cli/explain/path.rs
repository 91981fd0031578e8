//! Which field of a kind is meant.

use super::kind::{Kind, api_version};
use crate::flux::kinds::{Field, Scope, Type};
use crate::near::did_you_mean;

/// The field at a path; `None` for the kind itself. Items and values need not be written: `spec.dependsOn.name` is
/// `spec.dependsOn[].name`.
///
/// # Errors
/// There is no such field; says which one may be meant, or which version has it.
pub(super) fn find(kind: &Kind, path: &str) -> Result<Option<Field>, String> {
    let mut found: Option<Field> = None;
    for segment in path.split('.').map(name).filter(|segment| !segment.is_empty()) {
        let next = match found {
            None => kind.common(segment).or_else(|| below(kind.table.root(), segment, kind)),
            Some(parent) => below(parent, segment, kind),
        };
        found = Some(next.ok_or_else(|| unknown(kind, found.unwrap_or_else(|| kind.table.root()), segment))?);
    }
    Ok(found)
}

/// The items of a list and the values of a map have no name: what counts is what they hold.
pub(super) fn element(field: Field, scope: Scope<'_>) -> Option<Field> {
    match field.value_type() {
        Type::List => field.child("[]", scope),
        Type::Map => field.child("{}", scope),
        _ => None,
    }
}

/// The same through lists of lists and maps of lists.
pub(super) fn innermost(field: Field, scope: Scope<'_>) -> Field {
    std::iter::successors(Some(field), |field| element(*field, scope)).last().unwrap_or(field)
}

/// `dependsOn` of `dependsOn[]`.
fn name(segment: &str) -> &str {
    segment.trim_end_matches("[]").trim_end_matches("{}")
}

fn below(parent: Field, segment: &str, kind: &Kind) -> Option<Field> {
    let scope = kind.scope(parent);
    innermost(parent, scope).child(segment, scope)
}

fn unknown(kind: &Kind, parent: Field, segment: &str) -> String {
    let scope = kind.scope(parent);
    let holder = innermost(parent, scope);
    let place = match parent.path() {
        "" => kind.table.kind.to_owned(),
        path => format!("{}.{path}", kind.table.kind),
    };
    let known: Vec<&str> = holder.children(scope).map(Field::name).collect();
    let what = format!("`{place}` has no field `{segment}` in `{}`", kind.api_version());
    if let Some(meant) = did_you_mean(segment, &known) {
        return format!("{what}; {meant}");
    }
    if let Some(other) = holder.child(segment, Scope::default()).and_then(|field| field.versions().next()) {
        let other = api_version(kind.table.group, other.name);
        return format!("{what}, but in `{other}`: add `--api-version {other}`");
    }
    if holder.is_open() {
        return format!("`{place}` takes any fields: which ones is not known to fleetlint");
    }
    if kind.table.is_partial {
        return format!(
            "fleetlint knows only some fields of `{}`, and `{segment}` of `{place}` is not one",
            kind.table.kind
        );
    }
    match known.is_empty() {
        true => format!("{what}: it has no fields"),
        false => format!("{what}; it has {}", known.join(", ")),
    }
}
