//! What is a Secret's stays one: values are noted as such before anything can copy, cut or move them.

use fleetlint_yaml::Node;

/// The fields of a Secret that hold its values.
const FIELDS: [&str; 2] = ["data", "stringData"];

/// Whether an object is a Secret.
pub(super) fn is_secret(object: &Node) -> bool {
    object.get("kind").and_then(Node::text) == Some("Secret")
}

/// Notes for the values of a Secret that they are ones; to be called whenever something has written into an object.
pub(super) fn note(object: &mut Node) {
    if is_secret(object) {
        FIELDS.into_iter().for_each(|field| object.get_mut(field).into_iter().for_each(Node::conceal));
    }
}
