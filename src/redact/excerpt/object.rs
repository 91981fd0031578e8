//! Objects that are Secrets, or may be meant to be.

use super::{Mask, broken, is_secret_kind, range_of};
use crate::yaml::scalar::{Typed, resolve};
use crate::yaml::{Entry, Node};

/// Fields of a Secret, and of what makes one, that say nothing of its values.
const HARMLESS: [&str; 17] = [
    "apiVersion",
    "kind",
    "type",
    "immutable",
    "name",
    "namespace",
    "keys",
    "clusters",
    "labels",
    "target",
    "options",
    "synchronize",
    "clone",
    "cloneList",
    "$patch",
    "group",
    "version",
];

/// The annotation in which `kubectl apply` keeps a copy of the object.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Fields that hold values.
fn is_data(key: &str) -> bool {
    ["data", "stringdata", "values"].contains(&key.to_ascii_lowercase().as_str())
}

/// Whether a mapping is a Secret, also a misspelt one, or may be one because it does not say what it is.
pub(super) fn may_be_secret(node: &Node) -> bool {
    let has = |field: &str| node.get(field).is_some();
    let holds = node.entries().iter().any(|entry| entry.key.text().is_some_and(is_data));
    if node.entries().iter().any(|entry| entry.key.text().is_some_and(|key| key.eq_ignore_ascii_case("stringdata"))) {
        return true;
    }
    match node.get("kind").and_then(Node::text) {
        Some(kind) => is_secret_kind(kind) && (holds || has("metadata")),
        None => has("data") && (has("apiVersion") || has("metadata")),
    }
}

impl Mask<'_> {
    /// A Secret, or a patch of one: all but what names it.
    pub(super) fn secret(&mut self, node: &Node) {
        let is_object = node.get("metadata").is_some();
        for entry in node.entries() {
            match entry.key.text().unwrap_or_default() {
                key if is_data(key) => self.data(entry),
                "metadata" => self.metadata(&entry.value),
                key if HARMLESS.contains(&key) => {}
                _ if is_object => self.data(entry),
                _ => self.node(&entry.value),
            }
        }
    }

    fn metadata(&mut self, metadata: &Node) {
        let annotations = metadata.get("annotations").map(Node::entries).unwrap_or_default();
        let copies = annotations.iter().filter(|entry| entry.key.text() == Some(LAST_APPLIED));
        copies.for_each(|entry| self.all_of(&entry.value));
    }

    /// The values of a field; its keys are names, unless they have no value.
    fn data(&mut self, field: &Entry) {
        let Some(mapping) = field.value.as_mapping() else { return self.all_of(&field.value) };
        if !mapping.flow && self.is_as_written(&field.value) {
            // Comments, and values that another of the same key replaced, are in no tree.
            let span = field.key.origin.span.zip(field.value.origin.span);
            let range = span.map(|(key, value)| key.start as usize..value.end as usize);
            range.into_iter().for_each(|range| broken::below_data(self.text, range, &mut self.ranges));
        }
        for entry in &mapping.entries {
            let (key, value) = (range_of(&entry.key), range_of(&entry.value));
            // `hunter2: 5` is a slip of somebody who meant the key as the value.
            if matches!(resolve(&entry.value), Ok(Typed::Bool(_) | Typed::Int(_) | Typed::Float(_))) {
                self.ranges.extend(key.clone());
            }
            match (key, value) {
                // With the anchor and the tag before it.
                (Some(key), Some(value)) if key.end < value.start => self.ranges.push(key.end + 1..value.end),
                (Some(key), _) if entry.value.is_null() => self.ranges.push(key),
                _ => {}
            }
            self.all_of(&entry.value);
        }
    }

    /// Whether the lines of a value are lines of the file, and not of a text in quotes.
    fn is_as_written(&self, node: &Node) -> bool {
        range_of(node).and_then(|range| self.text.get(range)).is_some_and(|text| text.contains(':'))
    }
}
