//! What the tables say about one field, line by line.

use super::path::element;
use crate::flux::kinds::{Field, Namespace, Reference, Scope, Type};
use crate::flux::release::Minor;

/// Bounds by their names in OpenAPI, and in words.
const BOUNDS: [(&str, &str); 8] = [
    ("minimum", "at least"),
    ("maximum", "at most"),
    ("minLength", "characters, at least"),
    ("maxLength", "characters, at most"),
    ("minItems", "items, at least"),
    ("maxItems", "items, at most"),
    ("minProperties", "entries, at least"),
    ("maxProperties", "entries, at most"),
];

/// A label and what it says.
pub(super) type Fact = (&'static str, String);

/// `list of object`.
pub(super) fn type_name(field: Field, scope: Scope<'_>) -> String {
    let inner = || element(field, scope).map_or_else(|| "anything".to_owned(), |inner| type_name(inner, scope));
    match field.value_type() {
        Type::List => format!("list of {}", inner()),
        Type::Map => format!("map of {}", inner()),
        Type::Any => "anything".to_owned(),
        other => scalar(other).to_owned(),
    }
}

fn scalar(value_type: Type) -> &'static str {
    match value_type {
        Type::Integer => "integer",
        Type::Number => "number",
        Type::Boolean => "boolean",
        Type::Duration => "duration",
        Type::Quantity => "quantity",
        Type::Time => "time",
        Type::IntOrString => "integer or string",
        Type::Object | Type::Map | Type::List | Type::Any => "object",
        Type::String => "string",
    }
}

/// All that is said about a field, its type first.
pub(super) fn of(field: Field, scope: Scope<'_>) -> Vec<Fact> {
    let mut facts = vec![("type", type_name(field, scope))];
    facts.push(("required", if field.is_required() { "yes" } else { "no" }.to_owned()));
    facts.extend(releases(field.since(), field.until()).map(|releases| ("releases", releases)));
    facts.extend(values(field));
    facts.extend(element(field, scope).into_iter().flat_map(values).map(|(label, value)| (each(label), value)));
    facts
}

/// The releases that have it; `None` if all do that are known and serve the version.
pub(super) fn releases(since: Option<Minor>, until: Option<Minor>) -> Option<String> {
    let text = |(major, minor): Minor| format!("{major}.{minor}");
    match (since.map(text), until.map(text)) {
        (None, None) => None,
        (Some(since), None) => Some(format!("since Flux {since}")),
        (None, Some(until)) => Some(format!("until Flux {until}")),
        (Some(since), Some(until)) => Some(format!("Flux {since} to {until}")),
    }
}

/// What bounds its values, and what they name.
fn values(field: Field) -> Vec<Fact> {
    let allowed = field.allowed().map(|values| values.map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", "));
    let quoted = |text: &str| format!("`{text}`");
    let bounds: Vec<String> =
        BOUNDS.iter().filter_map(|(name, words)| field.bound(name).map(|bound| format!("{words} {bound}"))).collect();
    let mut facts = Vec::new();
    facts.extend(allowed.map(|allowed| ("allowed", allowed)));
    facts.extend(field.default().map(|default| ("default", quoted(default))));
    facts.extend(field.pattern().map(|pattern| ("pattern", quoted(pattern))));
    facts.extend(field.format().map(|format| ("format", format.to_owned())));
    facts.extend((!bounds.is_empty()).then(|| ("bounds", bounds.join("; "))));
    facts.extend(field.list_type().and_then(|(list, keys)| keyed(list, &keys.collect::<Vec<_>>())));
    facts.extend(field.rules().map(|rule| ("rule", quoted(rule))));
    facts.extend(field.reference().map(|reference| ("names", named(reference))));
    facts
}

/// The label of what is said about each item of a list, or each value of a map.
fn each(label: &'static str) -> &'static str {
    match label {
        "allowed" => "each allowed",
        "default" => "each default",
        "pattern" => "each pattern",
        "format" => "each format",
        "bounds" => "each bounds",
        "rule" => "each rule",
        "names" => "each names",
        other => other,
    }
}

fn keyed(list: &str, keys: &[&str]) -> Option<Fact> {
    match list {
        "map" => Some(("unique", format!("no two items have the same {}", keys.join(" and ")))),
        "set" => Some(("unique", "no two items are equal".to_owned())),
        _ => None,
    }
}

/// Which objects a field names, and where they are looked for.
fn named(reference: &Reference) -> String {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for (group, kind) in &reference.targets {
        match groups.last_mut().filter(|(last, _)| last == group) {
            Some((_, kinds)) => kinds.push(kind),
            None => groups.push((group, vec![kind])),
        }
    }
    let kinds = |(group, kinds): &(&str, Vec<&str>)| match (kinds.as_slice(), *group) {
        (["*"], _) => "an object of any kind".to_owned(),
        (_, "") => kinds.join(" or "),
        (_, group) => format!("{} ({group})", kinds.join(" or ")),
    };
    let targets: Vec<String> = groups.iter().map(kinds).collect();
    let place = match reference.namespace {
        Namespace::Own => ", in its own namespace",
        Namespace::Field => ", in the namespace that `namespace` says, by default its own",
        Namespace::Written => ", in the namespace that `namespace` says",
        Namespace::None => "",
    };
    let lockdown = match reference.is_locked {
        true => "; in another namespace only without `--no-cross-namespace-refs`",
        false => "",
    };
    format!("{}{place}{lockdown}", targets.join(" or "))
}
