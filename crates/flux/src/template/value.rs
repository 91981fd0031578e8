//! The values of templates, with the types that Go tells apart.

use std::collections::BTreeMap;
use std::sync::Arc;

use smol_str::SmolStr;

use super::TemplateError;
use fleetlint_yaml::scalar::Typed;
use fleetlint_yaml::{Entry, Node, Origin, go_float};

/// A value of a template.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Value {
    #[default]
    Nil,
    Bool(bool),
    /// Go's `int`: constants and what functions count.
    Int(i64),
    /// Go's `int64`: integers of inputs, and what functions compute.
    Int64(i64),
    Float(f64),
    Text(SmolStr),
    List(Arc<Vec<Value>>),
    Map(Arc<BTreeMap<SmolStr, Value>>),
    /// Something that only the cluster knows, and why.
    Unknown(SmolStr),
}

impl Value {
    /// The value of a part of an object: what the API server stores of it as JSON.
    pub fn of(node: &Node) -> Self {
        match &node.value {
            fleetlint_yaml::Value::Mapping(mapping) => {
                let entries = mapping.entries.iter();
                let key = |entry: &Entry| SmolStr::from(entry.key.text().unwrap_or_default());
                Self::map(entries.map(|entry| (key(entry), Self::of(&entry.value))))
            }
            fleetlint_yaml::Value::Sequence(items) => Self::list(items.iter().map(Self::of).collect()),
            fleetlint_yaml::Value::Scalar(scalar) => match fleetlint_yaml::scalar::resolve(node) {
                Ok(Typed::Null) => Self::Nil,
                Ok(Typed::Bool(value)) => Self::Bool(value),
                Ok(Typed::Int(value)) => i64::try_from(value).map_or(Self::Float(value as f64), Self::Int64),
                // JSON writes whole floats without a point: they come back as integers.
                Ok(Typed::Float(value)) if value.fract() == 0.0 && value.abs() < 9e18 => Self::Int64(value as i64),
                Ok(Typed::Float(value)) => Self::Float(value),
                Ok(Typed::Timestamp(_) | Typed::String) | Err(_) => Self::Text((&scalar.text).into()),
            },
        }
    }

    /// A text.
    pub fn text(text: impl Into<SmolStr>) -> Self {
        Self::Text(text.into())
    }

    /// A list.
    pub fn list(items: Vec<Self>) -> Self {
        Self::List(Arc::new(items))
    }

    /// A map.
    pub fn map(entries: impl IntoIterator<Item = (SmolStr, Self)>) -> Self {
        Self::Map(Arc::new(entries.into_iter().collect()))
    }

    /// Go's name of the type.
    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Self::Nil | Self::Unknown(_) => "<nil>",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Int64(_) => "int64",
            Self::Float(_) => "float64",
            Self::Text(_) => "string",
            Self::List(_) => "[]interface {}",
            Self::Map(_) => "map[string]interface {}",
        }
    }

    /// Whether `if` takes it for true; sprig's `empty` is the opposite.
    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::Nil => false,
            Self::Bool(value) => *value,
            Self::Int(value) | Self::Int64(value) => *value != 0,
            Self::Float(value) => *value != 0.0,
            Self::Text(text) => !text.is_empty(),
            Self::List(items) => !items.is_empty(),
            Self::Map(entries) => !entries.is_empty(),
            Self::Unknown(_) => true,
        }
    }

    /// What Go's `%v` prints.
    pub(super) fn shown(&self) -> Result<String, TemplateError> {
        let mut out = String::new();
        self.show(&mut out)?;
        Ok(out)
    }

    fn show(&self, out: &mut String) -> Result<(), TemplateError> {
        match self {
            Self::Nil => out.push_str("<nil>"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Int(value) | Self::Int64(value) => out.push_str(&value.to_string()),
            Self::Float(value) => out.push_str(&float(*value)),
            Self::Text(text) => out.push_str(text),
            Self::List(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index > 0 { " " } else { "" });
                    item.show(out)?;
                }
                out.push(']');
            }
            Self::Map(entries) => {
                out.push_str("map[");
                for (index, (key, value)) in entries.iter().enumerate() {
                    out.push_str(if index > 0 { " " } else { "" });
                    out.push_str(key);
                    out.push(':');
                    value.show(out)?;
                }
                out.push(']');
            }
            Self::Unknown(why) => return Err(TemplateError::undetermined(why.as_str())),
        }
        Ok(())
    }

    /// The value as a tree that [`fleetlint_yaml::print`] prints.
    pub(super) fn node(&self) -> Result<Node, TemplateError> {
        let origin = Origin::default();
        Ok(match self {
            Self::Nil => Node::plain("null", origin),
            Self::Bool(value) => Node::plain(if *value { "true" } else { "false" }, origin),
            Self::Int(value) | Self::Int64(value) => Node::plain(value.to_string(), origin),
            Self::Float(value) => Node::plain(json_float(*value)?, origin),
            Self::Text(text) => Node::string(text.clone(), origin),
            Self::List(items) => {
                let items = items.iter().map(Self::node).collect::<Result<_, _>>()?;
                Node::sequence(items, origin)
            }
            Self::Map(entries) => {
                let entry = |(key, value): (&SmolStr, &Self)| {
                    Ok(Entry { key: Node::string(key.clone(), Origin::default()), value: value.node()? })
                };
                Node::mapping(entries.iter().map(entry).collect::<Result<_, TemplateError>>()?, origin)
            }
            Self::Unknown(why) => return Err(TemplateError::undetermined(why.as_str())),
        })
    }

    /// How much a value weighs against the bounds of an evaluation.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Text(text) => text.len() / 16,
            Self::List(items) => items.len(),
            Self::Map(entries) => entries.len(),
            _ => 0,
        }
    }
}

/// Go's `%v` of a float64.
pub(super) fn float(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    go_float::general(&format!("{value:e}"), format!("{value}"))
}

/// A float as Go's JSON encoder writes it.
pub(super) fn json_float(value: f64) -> Result<String, TemplateError> {
    if !value.is_finite() {
        return Err(TemplateError::wrong("a number that JSON cannot have"));
    }
    let size = value.abs();
    if size == 0.0 || (1e-6..1e21).contains(&size) {
        return Ok(format!("{value}"));
    }
    let text = format!("{value:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let sign = if exponent.starts_with('-') { "" } else { "+" };
    Ok(format!("{mantissa}e{sign}{exponent}"))
}
