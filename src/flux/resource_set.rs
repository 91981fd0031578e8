//! ResourceSets whose objects need no inputs (domain-facts section 7).

use std::sync::Arc;

use super::api::ResourceSet;
use crate::object::Object;
use crate::yaml::{Node, Value};

/// The objects of a ResourceSet, or why the repository does not determine them.
///
/// # Errors
/// Inputs, templates and steps are not expanded yet: the reason names the field.
pub fn expand(set: &ResourceSet<'_>) -> Result<Vec<Arc<Object>>, String> {
    for field in ["inputs", "inputsFrom", "resourcesTemplate", "steps"] {
        if set.object.at(&format!("/spec/{field}")).is_some_and(|node| !is_empty(node)) {
            return Err(format!("{} uses `{field}`, which fleetlint does not expand", set.object.id));
        }
    }
    let resources = set.object.at("/spec/resources").map(Node::items).unwrap_or_default();
    if resources.iter().any(has_template) {
        return Err(format!("{} has templates in its resources, which fleetlint does not expand", set.object.id));
    }
    Ok(resources.iter().filter_map(|root| Object::new(root.clone())).map(Arc::new).collect())
}

fn is_empty(node: &Node) -> bool {
    match &node.value {
        Value::Mapping(mapping) => mapping.entries.is_empty(),
        Value::Sequence(items) => items.is_empty(),
        Value::Scalar(scalar) => scalar.text.is_empty(),
    }
}

/// Whether a `<< … >>` expression stands anywhere in the tree. The parser bounds the depth of trees.
fn has_template(node: &Node) -> bool {
    match &node.value {
        Value::Mapping(mapping) => {
            mapping.entries.iter().any(|entry| has_template(&entry.key) || has_template(&entry.value))
        }
        Value::Sequence(items) => items.iter().any(has_template),
        Value::Scalar(scalar) => scalar.text.contains("<<"),
    }
}
