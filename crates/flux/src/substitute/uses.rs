//! Which variables an object uses, and where.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::Variables;
use super::expression::{Expression, Operator, expressions, parse};
use super::place::within;
use fleetlint_yaml::{Node, Span};

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
    let scalars = node.scalars().filter(|scalar| scalar.text().is_some_and(|text| text.contains("${")));
    scalars.flat_map(|scalar| in_scalar(scalar, variables)).collect()
}

/// The names of the variables in a tree.
pub fn names_in(node: &Node) -> BTreeSet<SmolStr> {
    of(node, &Variables::default()).into_iter().map(|used| used.name).collect()
}

fn in_scalar(scalar: &Node, variables: &Variables) -> Vec<VariableUse> {
    let Ok(parts) = parse(scalar.text().unwrap_or_default()) else { return Vec::new() };
    let place = |it: &Expression| within(scalar, it.start..it.end);
    expressions(&parts).into_iter().map(|expression| one(expression, place(expression), variables)).collect()
}

fn one(expression: &Expression, place: Option<Span>, variables: &Variables) -> VariableUse {
    VariableUse {
        name: expression.name.clone(),
        place,
        has_default: expression.operator == Operator::Default,
        is_defined: variables.is_defined(&expression.name),
    }
}
