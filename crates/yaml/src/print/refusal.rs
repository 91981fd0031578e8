//! What cannot be printed, with its place.

use std::collections::HashSet;

use super::{key, number, printed_binary, reread, rewritten};
use crate::scalar::{Typed, resolve};
use crate::{Entry, Node, Origin, Value};

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

impl Refused<'_> {
    /// What a person can do about it.
    pub fn way_out(&self) -> Option<&'static str> {
        const WAYS: [(&str, &str); 7] = [
            ("key `", "put the key in quotes; if a transformer or generator sets it, use a different one"),
            ("invalid map key", "a key must be a string"),
            ("json: unsupported value", "write a finite number, or put the value in quotes"),
            ("control characters", "remove the control characters"),
            ("its text cannot", "write what the tag says, or leave the tag out"),
            ("!!binary value", "correct the base64, or leave the tag out"),
            ("mapping key `", "remove one of the two keys"),
        ];
        WAYS.into_iter().find(|(start, _)| self.why.starts_with(start)).map(|(_, way)| way)
    }
}

/// Why printing a node fails, if it does.
pub fn refusal(node: &Node) -> Option<Refused<'_>> {
    let mut steps = Vec::new();
    let (why, origin, is_misfit) = of_node(node, At { is_top: true, in_flow: false }, &mut steps)?;
    steps.reverse();
    Some(Refused { why, path: steps.join("."), origin, is_misfit })
}

/// Why, where from, and whether it is a misfit.
type Found<'n> = (String, &'n Origin, bool);

/// Where a value stands.
#[derive(Clone, Copy)]
struct At {
    is_top: bool,
    /// Whether a collection around is written in brackets.
    in_flow: bool,
}

fn of_node<'n>(node: &'n Node, at: At, steps: &mut Vec<String>) -> Option<Found<'n>> {
    let in_flow = at.in_flow || node.is_flow();
    match &node.value {
        Value::Mapping(mapping) => repeated(&mapping.entries)
            .or_else(|| mapping.entries.iter().find_map(|entry| of_entry(entry, At { in_flow, ..at }, steps))),
        Value::Sequence(items) => items.iter().enumerate().find_map(|(index, item)| {
            let found = of_node(item, At { is_top: false, in_flow }, steps)?;
            steps.push(index.to_string());
            Some(found)
        }),
        Value::Scalar(_) => Some((of_scalar(node, in_flow).err()?, &node.origin, resolve(node).is_err())),
    }
}

/// A key that is duplicated: the text that kustomize prints first cannot be read again.
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

fn of_entry<'n>(entry: &'n Entry, at: At, steps: &mut Vec<String>) -> Option<Found<'n>> {
    match key::text(entry, at.is_top) {
        Ok(Some(key)) => {
            let found = of_node(&entry.value, At { is_top: false, ..at }, steps)?;
            steps.push(key.into_owned());
            Some(found)
        }
        Ok(None) => None,
        Err(why) => Some((why, &entry.key.origin, false)),
    }
}

fn of_scalar(node: &Node, in_flow: bool) -> Result<(), String> {
    let text = node.text().unwrap_or_default();
    reread::check(text)?;
    match resolve(node)? {
        Typed::Float(value) => number::float(value).map(drop),
        Typed::String => match printed_binary(node)? {
            Some(_) => Ok(()),
            None => rewritten(node, in_flow).map(drop),
        },
        _ => Ok(()),
    }
}
