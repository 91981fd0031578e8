//! What cannot be printed, with its place.

use super::{binary, is_binary, is_refused, key, number, rewritten};
use crate::yaml::scalar::{Typed, resolve};
use crate::yaml::{Entry, Node, Span, Value};

/// Why printing a node fails, and the place of the value or key that is to blame.
pub fn refusal(node: &Node) -> Option<(String, Option<Span>)> {
    of_node(node, true)
}

fn of_node(node: &Node, is_top: bool) -> Option<(String, Option<Span>)> {
    match &node.value {
        Value::Mapping(mapping) => mapping.entries.iter().find_map(|entry| of_entry(entry, is_top)),
        Value::Sequence(items) => items.iter().find_map(|item| of_node(item, false)),
        Value::Scalar(_) => Some((of_scalar(node).err()?, node.place())),
    }
}

fn of_entry(entry: &Entry, is_top: bool) -> Option<(String, Option<Span>)> {
    match key::text(entry, is_top) {
        Ok(Some(_)) => of_node(&entry.value, false),
        Ok(None) => None,
        Err(why) => Some((why, entry.key.place())),
    }
}

fn of_scalar(node: &Node) -> Result<(), String> {
    let text = node.text().unwrap_or_default();
    if is_refused(text) {
        return Err("control characters are not allowed".to_owned());
    }
    match resolve(node)? {
        Typed::Float(value) => number::float(value).map(drop),
        Typed::String if is_binary(node) => binary(text).map(drop),
        Typed::String => rewritten(node).map(drop),
        _ => Ok(()),
    }
}
