//! Which variables an object uses, and where.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::Variables;
use super::expression::{Expression, Operator, expressions, read_on};
use super::place::Places;
use fleetlint_source::Files;
use fleetlint_yaml::{Node, Span};

/// One use of a variable in a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariableUse {
    pub name: SmolStr,
    /// The expression; the scalar or key that holds it, where its place in that is not known.
    pub place: Option<Span>,
    /// The expression says what to take where the variable is not defined.
    pub has_default: bool,
    pub is_defined: bool,
    /// Flux cannot read the text that holds it, because of another expression there.
    pub is_beside_failure: bool,
}

/// The uses of a tree, in the order of its text.
pub(super) fn of(node: &Node, variables: &Variables, files: Option<&Files>) -> Vec<VariableUse> {
    let scalars = node.scalars().filter(|scalar| scalar.text().is_some_and(|text| text.contains("${")));
    scalars.flat_map(|scalar| in_scalar(scalar, variables, files)).collect()
}

/// The names of the variables in a tree.
pub fn names_in(node: &Node) -> BTreeSet<SmolStr> {
    of(node, &Variables::default(), None).into_iter().map(|used| used.name).collect()
}

fn in_scalar(scalar: &Node, variables: &Variables, files: Option<&Files>) -> Vec<VariableUse> {
    let (parts, failures) = read_on(scalar.text().unwrap_or_default());
    let places = Places::of(scalar, files);
    let used = |expression: &Expression| VariableUse {
        name: expression.name.clone(),
        place: places.span(expression.start..expression.end),
        has_default: expression.operator == Operator::Default,
        is_defined: variables.is_defined(&expression.name),
        is_beside_failure: !failures.is_empty(),
    };
    expressions(&parts).into_iter().map(used).collect()
}
