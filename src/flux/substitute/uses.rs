//! Which variables an object uses, and where.

use smol_str::SmolStr;

use super::Variables;
use super::expression::{Expression, Operator, expressions, parse};
use crate::yaml::{Node, Span, Value};

/// One use of a variable in a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariableUse {
    pub name: SmolStr,
    /// The scalar or key that holds the expression.
    pub place: Option<Span>,
    /// The expression says what to take where the variable is not defined.
    pub has_default: bool,
    pub is_defined: bool,
}

/// The uses of a tree, in the order of its text.
pub(super) fn of(node: &Node, variables: &Variables) -> Vec<VariableUse> {
    let mut uses = Vec::new();
    collect(node, variables, &mut uses);
    uses
}

fn collect(node: &Node, variables: &Variables, uses: &mut Vec<VariableUse>) {
    match &node.value {
        Value::Mapping(mapping) => mapping.entries.iter().for_each(|entry| {
            collect(&entry.key, variables, uses);
            collect(&entry.value, variables, uses);
        }),
        Value::Sequence(items) => items.iter().for_each(|item| collect(item, variables, uses)),
        Value::Scalar(scalar) if scalar.text.contains("${") => {
            let Ok(parts) = parse(&scalar.text) else { return };
            let place = node.origin.span;
            uses.extend(expressions(&parts).into_iter().map(|expression| one(expression, place, variables)));
        }
        Value::Scalar(_) => {}
    }
}

fn one(expression: &Expression, place: Option<Span>, variables: &Variables) -> VariableUse {
    VariableUse {
        name: expression.name.clone(),
        place,
        has_default: expression.operator == Operator::Default,
        is_defined: variables.get(&expression.name).is_some() || variables.unknown(&expression.name).is_some(),
    }
}
