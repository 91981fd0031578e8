//! Objects of which some variables are not known: the others are substituted all the same.

use super::Variables;
use super::expression::{expressions, parse};
use fleetlint_yaml::{Node, Value};

/// The object with its unknown expressions escaped, so that they are still there after the substitution.
pub(super) fn escape_unknown(node: &mut Node, variables: &Variables) {
    match &mut node.value {
        Value::Scalar(scalar) => {
            if is_unknown(&scalar.text, variables) {
                scalar.text = scalar.text.replace('$', "$$").into();
            }
        }
        Value::Sequence(items) => items.iter_mut().for_each(|item| escape_unknown(item, variables)),
        Value::Mapping(mapping) => mapping.entries.iter_mut().for_each(|entry| {
            escape_unknown(&mut entry.key, variables);
            escape_unknown(&mut entry.value, variables);
        }),
    }
}

/// Whether a text uses a variable that is not known.
fn is_unknown(text: &str, variables: &Variables) -> bool {
    let Ok(parts) = parse(text) else { return text.contains("${") };
    expressions(&parts).into_iter().any(|expression| variables.unknown(&expression.name).is_some())
}
