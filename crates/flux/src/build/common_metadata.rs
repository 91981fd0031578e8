//! `spec.commonMetadata` (flux-build-semantics section 2.3, last paragraph).

use std::collections::HashMap;
use std::sync::Arc;

use crate::object::Object;
use fleetlint_yaml::scalar::{Typed, resolve};
use fleetlint_yaml::{Entry, Mapping, Node, Origin, Value};

/// Sets `spec.commonMetadata` on an object; the same object where there is nothing to set.
pub fn with_common_metadata(node: Arc<Node>, kustomization: &Object) -> Arc<Node> {
    let common = |key: &str| {
        let entries = kustomization.at("/spec/commonMetadata").and_then(|common| common.get(key));
        entries.map(Node::entries).unwrap_or_default()
    };
    let (labels, annotations) = (common("labels"), common("annotations"));
    if labels.is_empty() && annotations.is_empty() {
        return node;
    }
    let mut changed = Arc::unwrap_or_clone(node);
    set(&mut changed, "labels", labels);
    set(&mut changed, "annotations", annotations);
    Arc::new(changed)
}

fn set(node: &mut Node, field: &str, common: &[Entry]) {
    let Some(first) = common.first() else { return };
    let origin = first.key.origin.clone();
    let Some(metadata) = mapping_at(node, "metadata", &origin) else { return };
    // Where a value is not text, Go reads the whole map as absent.
    if metadata.get(field).is_some_and(|old| !old.entries().iter().all(|entry| is_text(&entry.value))) {
        metadata.remove(field);
    }
    let Some(mapping) = mapping_at_key(metadata, field, &origin) else { return };
    let keys = mapping.entries.iter().enumerate();
    let mut known: HashMap<String, usize> =
        keys.map(|(index, entry)| (entry.key.text().unwrap_or_default().to_owned(), index)).collect();
    for entry in common {
        let key = entry.key.text().unwrap_or_default();
        match known.get(key).and_then(|index| mapping.entries.get_mut(*index)) {
            Some(old) => *old = entry.clone(),
            None => {
                known.insert(key.to_owned(), mapping.entries.len());
                mapping.entries.add(entry.clone());
            }
        }
    }
}

fn mapping_at<'a>(node: &'a mut Node, key: &str, origin: &Origin) -> Option<&'a mut Mapping> {
    mapping_at_key(node.as_mapping_mut()?, key, origin)
}

fn mapping_at_key<'a>(mapping: &'a mut Mapping, key: &str, origin: &Origin) -> Option<&'a mut Mapping> {
    if mapping.get(key).is_none_or(|value| value.as_mapping().is_none()) {
        mapping.set(key, Node::mapping(Vec::new(), origin.clone()));
    }
    mapping.get_mut(key)?.as_mapping_mut()
}

fn is_text(node: &Node) -> bool {
    matches!(node.value, Value::Scalar(_)) && matches!(resolve(node), Ok(Typed::String | Typed::Timestamp(_)))
}
