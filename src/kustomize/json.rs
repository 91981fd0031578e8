//! Nodes as Go's `encoding/json` writes them.

use std::collections::BTreeMap;

use crate::yaml::{Node, Value};

use super::kustomization::Json;

/// How deep collections may lie in each other.
const MAX_DEPTH: usize = 512;

/// The JSON of a node: keys sorted, no blanks.
pub(super) fn encode(node: &Node) -> Result<String, String> {
    let mut text = String::new();
    write(node, &mut text, 0)?;
    Ok(text)
}

/// A JSON string, with what Go escapes for HTML.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            _ => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn write(node: &Node, out: &mut String, depth: usize) -> Result<(), String> {
    if depth > MAX_DEPTH {
        return Err("the value is nested too deeply".to_owned());
    }
    match &node.value {
        Value::Scalar(_) => write_scalar(node, out),
        Value::Sequence(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, out, depth + 1)?;
            }
            out.push(']');
        }
        Value::Mapping(mapping) => {
            out.push('{');
            let sorted: BTreeMap<&str, &Node> =
                mapping.entries.iter().map(|entry| (entry.key.text().unwrap_or_default(), &entry.value)).collect();
            for (index, (key, value)) in sorted.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&quoted(key));
                out.push(':');
                write(value, out, depth + 1)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

fn write_scalar(node: &Node, out: &mut String) {
    match super::kustomization::json_of(node) {
        Json::Null => out.push_str("null"),
        Json::Boolean(value) => out.push_str(if value { "true" } else { "false" }),
        Json::Integer(text) | Json::Float(text) => out.push_str(&text),
        Json::Text(text) => out.push_str(&quoted(&text)),
        Json::Collection => {}
    }
}

/// Rewrites the scalars of a tree as a way through JSON leaves them: numbers in their canonical form, strings quoted.
pub(super) fn normalise(node: &mut Node) {
    match &mut node.value {
        Value::Mapping(mapping) => {
            mapping.flow = false;
            mapping.entries.iter_mut().for_each(|entry| normalise(&mut entry.value));
        }
        Value::Sequence(items) => items.iter_mut().for_each(normalise),
        Value::Scalar(_) => {
            let mut text = String::new();
            *node = match super::kustomization::json_of(node) {
                Json::Text(text) => Node::string(text, node.origin.clone()),
                _ => {
                    write_scalar(node, &mut text);
                    Node::plain(text, node.origin.clone())
                }
            };
        }
    }
}
