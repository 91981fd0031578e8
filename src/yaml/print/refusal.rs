//! What cannot be printed, with its place.

use super::{binary, is_binary, is_lost, is_refused, key_text, number};
use crate::yaml::scalar::{Typed, resolve};
use crate::yaml::{Entry, Node, Span, Value};

/// Why printing a node fails, and the place of the value or key that is to blame.
pub fn refusal(node: &Node) -> Option<(String, Option<Span>)> {
    match &node.value {
        Value::Mapping(mapping) => mapping.entries.iter().filter(|entry| !is_lost(entry)).find_map(of_entry),
        Value::Sequence(items) => items.iter().find_map(refusal),
        Value::Scalar(_) => Some((of_scalar(node).err()?, node.place())),
    }
}

fn of_entry(entry: &Entry) -> Option<(String, Option<Span>)> {
    match key_text(&entry.key) {
        Ok(_) => refusal(&entry.value),
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
        _ => Ok(()),
    }
}
