//! Whether a scalar is what its field takes.

use fleetlint_yaml::scalar::{Typed, resolve};
use fleetlint_yaml::{Node, Value};

use super::pattern::{is_duration, is_time, matches};
use super::verdict::{Bound, What};
use crate::kinds::{Field, Scope, Type};
use crate::release::Minor;

const UNITS: [&str; 4] = ["ms", "s", "m", "h"];

/// The pattern of durations in which hours are no unit.
const WITHOUT_HOURS: &str = r"^([0-9]+(\.[0-9]+)?(ms|s|m))+$";

const QUANTITY: &str = r"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$";

pub(crate) fn is_null(node: &Node) -> bool {
    node.as_scalar().is_some() && matches!(resolve(node), Ok(Typed::Null))
}

/// What a value is, for people.
pub(super) fn shown_type(node: &Node) -> &'static str {
    match &node.value {
        Value::Mapping(_) => "a mapping",
        Value::Sequence(_) => "a list",
        Value::Scalar(_) => match resolve(node) {
            Ok(Typed::Null) => "null",
            Ok(Typed::Bool(_)) => "a boolean",
            Ok(Typed::Int(_) | Typed::Float(_)) => "a number",
            Ok(Typed::String | Typed::Timestamp(_)) | Err(_) => "a string",
        },
    }
}

/// What is wrong with a value of a field that holds a scalar.
pub(super) fn problem(node: &Node, field: Field, scope: Scope<'_>) -> Option<What> {
    let wrong = || Some(What::WrongType { expected: field.value_type(), found: shown_type(node) });
    let typed = match node.as_scalar() {
        Some(_) => resolve(node).ok()?,
        None => return wrong(),
    };
    let text = node.text().unwrap_or_default();
    match (field.value_type(), typed) {
        (Type::Boolean, Typed::Bool(_)) => None,
        (Type::Integer, Typed::Int(value)) => number_problem(field, value as f64),
        // JSON has no integers of its own: `1.0` is one.
        (Type::Integer, Typed::Float(value)) if value.fract() == 0.0 => number_problem(field, value),
        (Type::Number, Typed::Int(value)) => number_problem(field, value as f64),
        (Type::Number, Typed::Float(value)) => number_problem(field, value),
        (Type::IntOrString, Typed::Int(_)) | (Type::Quantity, Typed::Int(_)) => None,
        (Type::IntOrString, Typed::String | Typed::Timestamp(_)) => string_problem(field, text, scope),
        (Type::Quantity, Typed::String | Typed::Timestamp(_)) => {
            (matches(QUANTITY, text) == Some(false)).then_some(What::Mismatch(QUANTITY))
        }
        (Type::Duration, Typed::String | Typed::Timestamp(_)) => {
            (!is_duration(text, &UNITS)).then_some(What::NotADuration { without_hours: false })
        }
        (Type::Time, Typed::String | Typed::Timestamp(_)) => (!is_time(text)).then_some(What::NotATime),
        (Type::String, Typed::String | Typed::Timestamp(_)) => string_problem(field, text, scope),
        _ => wrong(),
    }
}

fn string_problem(field: Field, text: &str, scope: Scope<'_>) -> Option<What> {
    if let Some(allowed) = field.allowed() {
        let allowed: Vec<&'static str> = allowed.collect();
        if !allowed.contains(&text) {
            return Some(What::NotAllowed { allowed, since: allowed_since(field, text, scope) });
        }
    }
    if let Some(pattern) = field.pattern() {
        if pattern == WITHOUT_HOURS {
            return (!is_duration(text, &UNITS[..3])).then_some(What::NotADuration { without_hours: true });
        }
        if matches(pattern, text) == Some(false) {
            return Some(What::Mismatch(pattern));
        }
    }
    count_problem(field, text.chars().count(), "minLength", "maxLength")
}

/// The first release that takes a value in the version in question.
fn allowed_since(field: Field, text: &str, scope: Scope<'_>) -> Option<Minor> {
    let is_of_version = |it: &Field| it.versions().any(|version| Some(version.name) == scope.version);
    let takes = |it: &Field| it.allowed().is_none_or(|mut allowed| allowed.any(|value| value == text));
    field.variants().filter(is_of_version).filter(takes).filter_map(Field::since).min()
}

fn number_problem(field: Field, value: f64) -> Option<What> {
    out_of_bounds(field, value, "minimum", "maximum")
}

/// Whether there are too few or too many of something.
pub(super) fn count_problem(field: Field, count: usize, least: &'static str, most: &'static str) -> Option<What> {
    out_of_bounds(field, count as f64, least, most)
}

fn out_of_bounds(field: Field, value: f64, least: &'static str, most: &'static str) -> Option<What> {
    let bound = |name: &'static str| field.bound(name).map(|value| Bound { name, value });
    let low = bound(least).filter(|bound| value < bound.value);
    let high = bound(most).filter(|bound| value > bound.value);
    low.or(high).map(What::OutOfBounds)
}
