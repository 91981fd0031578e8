//! Annotations as kustomize reads them, and clears them away.

use fleetlint_yaml::{Entry, Node, Value};

use super::node_edit::created_key;

/// Makes room for a note: kustomize clears annotations that hold nothing, and makes them again.
pub(super) fn make_room(node: &mut Node) {
    let Some(metadata) = node.get_mut("metadata").and_then(Node::as_mapping_mut) else { return };
    let holds_nothing = |annotations: &Node| match &annotations.value {
        Value::Scalar(_) => true,
        Value::Mapping(mapping) => mapping.entries.is_empty(),
        Value::Sequence(items) => items.is_empty(),
    };
    if metadata.get("annotations").is_some_and(holds_nothing) {
        metadata.remove("annotations");
    }
}

/// The entries of annotations. A list is read as keys and values in turn; with an odd number kustomize crashes.
pub(super) fn entries_of(annotations: Node) -> Option<Vec<Entry>> {
    let items = match annotations.value {
        Value::Mapping(mapping) => return Some(Vec::from_iter(mapping.entries)),
        Value::Sequence(items) => items,
        Value::Scalar(_) => return Some(Vec::new()),
    };
    if items.len() % 2 == 1 {
        return None;
    }
    let mut entries: Vec<Entry> = Vec::new();
    let mut items = items.into_iter();
    while let (Some(key), Some(value)) = (items.next(), items.next()) {
        let key = created_key(key.text().unwrap_or_default(), key.origin.clone());
        entries.retain(|own| own.key.text() != key.text());
        entries.push(Entry { key, value });
    }
    Some(entries)
}
