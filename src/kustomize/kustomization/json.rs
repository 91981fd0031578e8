//! What a scalar of a kustomization file is once YAML 1.1 has become JSON.

use std::sync::LazyLock;

use regex::Regex;
use smol_str::SmolStr;

use crate::yaml::{Node, Style, Value, go_float};

/// A JSON type with its value as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Json {
    Null,
    Boolean(bool),
    Integer(SmolStr),
    Float(SmolStr),
    Text(SmolStr),
    Collection,
}

static FLOAT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$").ok());

/// The JSON that a node becomes.
pub(super) fn of(node: &Node) -> Json {
    let Value::Scalar(scalar) = &node.value else { return Json::Collection };
    match node.tag.as_deref() {
        Some("tag:yaml.org,2002:str") => Json::Text((&scalar.text).into()),
        _ if scalar.style == Style::Plain => plain(&scalar.text),
        _ => Json::Text((&scalar.text).into()),
    }
}

fn plain(text: &str) -> Json {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Json::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "true" | "True" | "TRUE" => Json::Boolean(true),
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" | "false" | "False" | "FALSE" => Json::Boolean(false),
        _ => number(text).unwrap_or_else(|| Json::Text(text.into())),
    }
}

fn number(text: &str) -> Option<Json> {
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) {
        return None;
    }
    let digits = text.replace('_', "");
    if let Some(integer) = integer(&digits) {
        return Some(Json::Integer(integer.to_string().into()));
    }
    let value: f64 = FLOAT.as_ref()?.is_match(&digits).then(|| digits.parse().ok())??;
    value.is_finite().then(|| match value {
        whole if whole.fract() == 0.0 && whole.abs() < 1e21 => Json::Integer(format!("{whole:.0}").into()),
        _ => Json::Float(go_float::general(&format!("{value:e}"), format!("{value}")).into()),
    })
}

/// Go's integers of any base: `0x`, `0b`, `0o` and a leading zero.
fn integer(digits: &str) -> Option<i128> {
    let (sign, digits) = match digits.as_bytes().first()? {
        b'-' => (-1, digits.get(1..)?),
        b'+' => (1, digits.get(1..)?),
        _ => (1, digits),
    };
    let (radix, digits) = match digits.get(..2) {
        Some("0x" | "0X") => (16, digits.get(2..)?),
        Some("0b" | "0B") => (2, digits.get(2..)?),
        Some("0o" | "0O") => (8, digits.get(2..)?),
        Some(_) if digits.starts_with('0') => (8, digits.get(1..)?),
        _ => (10, digits),
    };
    if !digits.starts_with(|c: char| c.is_ascii_hexdigit()) {
        return None;
    }
    let value = i128::from_str_radix(digits, radix).ok()?;
    (value <= u64::MAX.into()).then_some(sign * value)
}
