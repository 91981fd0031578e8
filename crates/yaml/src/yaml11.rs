//! YAML 1.1 as Kubernetes tools read it: text to JSON types, every number a float64 (flux-build-semantics section 4.3).

use std::collections::HashMap;

use smol_str::SmolStr;

use super::binary;
use super::go_float::{finite, single};
use super::scalar::{self, Typed};
use super::{Entry, Mapping, Node, Origin, Scalar, Style, Value};
use crate::timestamp;

/// The JSON that a tree becomes: strings quoted, numbers as float64, keys strings. Origins stay.
///
/// # Errors
/// What go-yaml v2 or Go's JSON encoder refuses: infinite numbers, keys that JSON cannot have, tags that do not fit.
pub fn to_json(node: &Node) -> Result<Node, String> {
    converted(node, Integers::Float64)
}

/// As [`to_json`], with integers as they are: the JSON text itself, before a program reads its numbers.
///
/// # Errors
/// As [`to_json`].
pub fn to_json_text(node: &Node) -> Result<Node, String> {
    converted(node, Integers::Exact)
}

/// What becomes of integers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Integers {
    Float64,
    Exact,
}

fn converted(node: &Node, integers: Integers) -> Result<Node, String> {
    match &node.value {
        Value::Scalar(scalar) => value(scalar, node, integers),
        Value::Sequence(items) => {
            let items = items.iter().map(|item| converted(item, integers)).collect::<Result<_, _>>()?;
            Ok(Node::sequence(items, node.origin.clone()))
        }
        Value::Mapping(mapping) => self::mapping(mapping, &node.origin, integers),
    }
}

/// What a plain scalar is in YAML 1.1.
pub fn plain(text: &str) -> Typed {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Typed::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "true" | "True" | "TRUE" => return Typed::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" | "false" | "False" | "FALSE" => {
            return Typed::Bool(false);
        }
        _ => {}
    }
    match scalar::plain(text) {
        Typed::Timestamp(_) => Typed::String,
        typed => typed,
    }
}

/// Of keys that become one the last wins.
fn mapping(mapping: &Mapping, origin: &Origin, integers: Integers) -> Result<Node, String> {
    let mut entries: Vec<Entry> = Vec::with_capacity(mapping.entries.len());
    let mut seen: HashMap<SmolStr, usize> = HashMap::with_capacity(mapping.entries.len());
    for entry in &mapping.entries {
        let name = key(&entry.key)?;
        let key = Node::string(name.clone(), entry.key.origin.clone());
        let entry = Entry { key, value: converted(&entry.value, integers)? };
        match seen.get(&name).and_then(|&index| entries.get_mut(index)) {
            Some(same) => *same = entry,
            None => {
                seen.insert(name, entries.len());
                entries.push(entry);
            }
        }
    }
    Ok(Node::mapping(entries, origin.clone()))
}

fn value(scalar: &Scalar, node: &Node, integers: Integers) -> Result<Node, String> {
    let origin = node.origin.clone();
    Ok(match typed(scalar, node.tag.as_deref())? {
        (Typed::Null, _) => Node::plain("null", origin),
        (Typed::Bool(value), _) => Node::plain(if value { "true" } else { "false" }, origin),
        (Typed::Int(value), _) if integers == Integers::Exact => Node::plain(value.to_string(), origin),
        (Typed::Int(value), _) => Node::plain(float(value as f64)?, origin),
        (Typed::Float(value), _) => Node::plain(float(value)?, origin),
        (Typed::String | Typed::Timestamp(_), text) => Node::string(text, origin),
    })
}

/// The type of a scalar, and its text if it is one.
///
/// # Errors
/// A tag that does not fit.
pub fn typed(scalar: &Scalar, tag: Option<&str>) -> Result<(Typed, SmolStr), String> {
    let text = SmolStr::from(&scalar.text);
    let Some(tag) = tag else {
        let is_plain = scalar.style == Style::Plain;
        return Ok((if is_plain { plain(&text) } else { Typed::String }, text));
    };
    // The text may be a secret.
    let misfit = || format!("cannot decode a value as `{tag}`");
    let typed = plain(&text);
    match tag.strip_prefix("tag:yaml.org,2002:") {
        Some("null") if typed == Typed::Null => Ok((Typed::Null, text)),
        Some("bool") if matches!(typed, Typed::Bool(_)) => Ok((typed, text)),
        Some("int") if matches!(typed, Typed::Int(_)) => Ok((typed, text)),
        Some("float") => match typed {
            // go-yaml does not make a float of what only an unsigned integer holds.
            Typed::Int(int) if i64::try_from(int).is_ok() => Ok((Typed::Float(int as f64), text)),
            Typed::Float(_) => Ok((typed, text)),
            _ => Err(misfit()),
        },
        Some("timestamp") if timestamp::parse(&text).is_some() => Ok((Typed::String, text)),
        Some("null" | "bool" | "int" | "timestamp") => Err(misfit()),
        Some("binary") => Ok((Typed::String, binary::decode(&text)?)),
        _ => Ok((Typed::String, text)),
    }
}

/// A key as JSON has it.
///
/// # Errors
/// What JSON cannot have as a key.
pub fn key(key: &Node) -> Result<SmolStr, String> {
    let refused = || Err("unsupported map key: JSON has only string keys".to_owned());
    let Some(scalar) = key.as_scalar() else { return refused() };
    match typed(scalar, key.tag.as_deref())? {
        (Typed::String | Typed::Timestamp(_), text) => Ok(text),
        (Typed::Bool(value), _) => Ok(SmolStr::new_static(if value { "true" } else { "false" })),
        (Typed::Int(value), _) if i64::try_from(value).is_ok() => Ok(value.to_string().into()),
        (Typed::Float(value), _) => Ok(float_key(value).into()),
        _ => refused(),
    }
}

/// A float as a key: the shortest digits of a float32.
fn float_key(value: f64) -> String {
    match single(value).as_str() {
        "NaN" => ".nan".to_owned(),
        "+Inf" => ".inf".to_owned(),
        "-Inf" => "-.inf".to_owned(),
        text => text.to_owned(),
    }
}

/// A float64 as text that reads back as the same number.
///
/// # Errors
/// Infinities and NaN, which JSON does not know.
pub fn float(value: f64) -> Result<String, String> {
    let value = finite(value)?;
    Ok(if value != 0.0 && !(1e-6..1e21).contains(&value.abs()) { format!("{value:e}") } else { format!("{value}") })
}
