//! What the keywords of a schema say of one value, whatever is below it.

use fleetlint_yaml::scalar::{Typed, resolve};
use fleetlint_yaml::{Node, Value};

use super::fault::Why;
use crate::validate::matches;

/// A schema, looked at by keyword.
#[derive(Clone, Copy)]
pub(super) struct Schema<'s>(pub &'s Node);

impl<'s> Schema<'s> {
    pub(super) fn get(self, keyword: &str) -> Option<&'s Node> {
        self.0.get(keyword)
    }

    pub(super) fn is(self, flag: &str) -> bool {
        self.get(flag).and_then(Node::text) == Some("true")
    }

    pub(super) fn list(self, keyword: &str) -> &'s [Node] {
        self.get(keyword).map(Node::items).unwrap_or_default()
    }

    pub(super) fn texts(self, keyword: &str) -> impl Iterator<Item = &'s str> {
        self.list(keyword).iter().filter_map(Node::text)
    }

    /// The types that it names; none where any is right.
    pub(super) fn types(self) -> Vec<&'s str> {
        let Some(types) = self.get("type") else { return Vec::new() };
        types.text().into_iter().chain(types.items().iter().filter_map(Node::text)).collect()
    }

    /// Whether `null` is a value like others.
    pub(super) fn is_nullable(self) -> bool {
        self.is("nullable") || self.types().contains(&"null")
    }

    fn number(self, keyword: &str) -> Option<f64> {
        self.get(keyword).and_then(number)
    }
}

fn number(node: &Node) -> Option<f64> {
    node.as_scalar()?;
    match resolve(node) {
        Ok(Typed::Int(value)) => Some(value as f64),
        Ok(Typed::Float(value)) => Some(value),
        _ => None,
    }
}

/// The type of a value, by its name in JSON Schema.
fn type_of(node: &Node) -> &'static str {
    match &node.value {
        Value::Mapping(_) => "object",
        Value::Sequence(_) => "array",
        Value::Scalar(_) => match resolve(node) {
            Ok(Typed::Null) => "null",
            Ok(Typed::Bool(_)) => "boolean",
            Ok(Typed::Int(_)) => "integer",
            // JSON has no integers of its own: `1.0` is one.
            Ok(Typed::Float(value)) if value.fract() == 0.0 => "integer",
            Ok(Typed::Float(_)) => "number",
            Ok(Typed::String | Typed::Timestamp(_)) | Err(_) => "string",
        },
    }
}

/// The type of a value is none of those that the schema takes.
pub(super) fn type_fault(node: &Node, schema: Schema<'_>) -> Option<Why> {
    let found = type_of(node);
    let mut expected = schema.types();
    if schema.is("x-kubernetes-int-or-string") {
        expected = vec!["integer", "string"];
    }
    let fits = |expected: &&str| *expected == found || *expected == "number" && found == "integer";
    if expected.is_empty() || expected.iter().any(fits) || found == "null" && schema.is_nullable() {
        return None;
    }
    let expected = expected.into_iter().filter(|name| *name != "null").map(str::to_owned).collect();
    Some(Why::WrongType { expected, found })
}

/// What the schema says of a value by itself. `partial` is set where it cannot be evaluated.
pub(super) fn value_fault(node: &Node, schema: Schema<'_>, partial: &mut bool) -> Option<Why> {
    if let Some(why) = enum_fault(node, schema) {
        return Some(why);
    }
    match &node.value {
        Value::Scalar(_) => match (number(node), type_of(node)) {
            (Some(value), _) => number_fault(value, schema),
            (None, "string") => text_fault(node.text().unwrap_or_default(), schema, partial),
            _ => None,
        },
        Value::Sequence(_) => bounds(node.items().len() as f64, schema, "minItems", "maxItems"),
        Value::Mapping(_) => bounds(node.entries().len() as f64, schema, "minProperties", "maxProperties"),
    }
}

fn enum_fault(node: &Node, schema: Schema<'_>) -> Option<Why> {
    let allowed: Vec<&Node> = schema.list("enum").iter().chain(schema.get("const")).collect();
    // Values with parts are compared as a whole by nobody who reads a message.
    let is_scalar = |it: &&Node| it.as_scalar().is_some();
    if allowed.is_empty() || node.as_scalar().is_none() || !allowed.iter().all(is_scalar) {
        return None;
    }
    let is_same = |other: &&Node| match (number(node), number(other)) {
        (None, None) => type_of(other) == type_of(node) && other.text() == node.text(),
        (value, other) => value == other,
    };
    let texts = || allowed.iter().filter_map(|it| it.text()).map(str::to_owned).collect();
    (!allowed.iter().any(is_same)).then(|| Why::NotAllowed { allowed: texts() })
}

fn number_fault(value: f64, schema: Schema<'_>) -> Option<Why> {
    // In OpenAPI a flag beside the bound, in JSON Schema a bound of its own.
    let exclusive = |flag: &str, bound: &str| match schema.number(flag) {
        Some(value) => Some(value),
        None => schema.number(bound).filter(|_| schema.is(flag)),
    };
    let low = exclusive("exclusiveMinimum", "minimum").filter(|bound| value <= *bound);
    let high = exclusive("exclusiveMaximum", "maximum").filter(|bound| value >= *bound);
    if let Some(bound) = low {
        return Some(Why::OutOfBounds { name: "exclusiveMinimum", bound });
    }
    if let Some(bound) = high {
        return Some(Why::OutOfBounds { name: "exclusiveMaximum", bound });
    }
    let step = schema.number("multipleOf").filter(|step| *step > 0.0 && (value / step).fract() != 0.0);
    let outside = bounds(value, schema, "minimum", "maximum");
    outside.or_else(|| step.map(|bound| Why::OutOfBounds { name: "multipleOf", bound }))
}

fn text_fault(text: &str, schema: Schema<'_>, partial: &mut bool) -> Option<Why> {
    if let Some(pattern) = schema.get("pattern").and_then(Node::text) {
        match matches(pattern, text) {
            Some(true) => {}
            Some(false) => return Some(Why::Mismatch { pattern: pattern.to_owned() }),
            None => *partial = true,
        }
    }
    bounds(text.chars().count() as f64, schema, "minLength", "maxLength")
}

fn bounds(value: f64, schema: Schema<'_>, least: &'static str, most: &'static str) -> Option<Why> {
    let low = schema.number(least).filter(|bound| value < *bound).map(|bound| (least, bound));
    let high = schema.number(most).filter(|bound| value > *bound).map(|bound| (most, bound));
    low.or(high).map(|(name, bound)| Why::OutOfBounds { name, bound })
}
