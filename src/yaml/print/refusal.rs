//! What cannot be printed, with its place.

use std::collections::HashSet;

use super::{TAB_IN_BLOCK, breaks_as_block, is_refused, key, number, printed_binary, rewritten};
use crate::yaml::scalar::{Typed, resolve};
use crate::yaml::{Entry, Node, Origin, Style, Value};

/// So many keys are compared with each other.
const FEW: usize = 16;

/// Why printing a node fails.
pub struct Refused<'n> {
    pub why: String,
    /// Where the value or key stands, from the root: `spec.ports.0`.
    pub path: String,
    /// The origin of the value or key that is to blame.
    pub origin: &'n Origin,
    /// A scalar whose text does not fit its type.
    pub is_misfit: bool,
}

/// Why printing a node fails, if it does.
pub fn refusal(node: &Node) -> Option<Refused<'_>> {
    let mut steps = Vec::new();
    let (why, origin, is_misfit) = of_node(node, true, &mut steps)?;
    steps.reverse();
    Some(Refused { why, path: steps.join("."), origin, is_misfit })
}

/// Why, where from, and whether it is a misfit.
type Found<'n> = (String, &'n Origin, bool);

fn of_node<'n>(node: &'n Node, is_top: bool, steps: &mut Vec<String>) -> Option<Found<'n>> {
    match &node.value {
        Value::Mapping(mapping) => repeated(&mapping.entries)
            .or_else(|| mapping.entries.iter().find_map(|entry| of_entry(entry, is_top, steps))),
        Value::Sequence(items) => items.iter().enumerate().find_map(|(index, item)| {
            let found = of_node(item, false, steps)?;
            steps.push(index.to_string());
            Some(found)
        }),
        Value::Scalar(_) => Some((of_scalar(node).err()?, &node.origin, resolve(node).is_err())),
    }
}

/// A key that stands twice: the text that kustomize prints first cannot be read again.
fn repeated(entries: &[Entry]) -> Option<Found<'_>> {
    let is_known = |index: usize, entry: &Entry| {
        let text = entry.key.text();
        text.is_some() && entries.iter().take(index).any(|other| other.key.text() == text)
    };
    let (_, entry) = if entries.len() <= FEW {
        entries.iter().enumerate().find(|(index, entry)| is_known(*index, entry))?
    } else {
        let mut seen = HashSet::with_capacity(entries.len());
        entries.iter().enumerate().find(|(_, entry)| entry.key.text().is_some_and(|text| !seen.insert(text)))?
    };
    Some((format!("mapping key `{}` already defined", entry.key.text().unwrap_or_default()), &entry.key.origin, false))
}

fn of_entry<'n>(entry: &'n Entry, is_top: bool, steps: &mut Vec<String>) -> Option<Found<'n>> {
    match key::text(entry, is_top) {
        Ok(Some(key)) => {
            let found = of_node(&entry.value, false, steps)?;
            steps.push(key.into_owned());
            Some(found)
        }
        Ok(None) => None,
        Err(why) => Some((why, &entry.key.origin, false)),
    }
}

fn of_scalar(node: &Node) -> Result<(), String> {
    let text = node.text().unwrap_or_default();
    if is_refused(text) {
        return Err("control characters are not allowed".to_owned());
    }
    let is_plain = node.as_scalar().is_some_and(|scalar| scalar.style == Style::Plain);
    if is_plain && breaks_as_block(text) {
        return Err(TAB_IN_BLOCK.to_owned());
    }
    match resolve(node)? {
        Typed::Float(value) => number::float(value).map(drop),
        Typed::String => match printed_binary(node)? {
            Some(_) => Ok(()),
            None => rewritten(node).map(drop),
        },
        _ => Ok(()),
    }
}
