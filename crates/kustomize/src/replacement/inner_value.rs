//! The value inside a scalar that holds JSON or YAML.

use super::super::budget::Budget;
use fleetlint_yaml::Node;
use fleetlint_yaml::reencode::Tree;

/// Reading a value of a text, and writing it again, takes as long as so many looks at values.
pub(super) const LOOKS: usize = 4;

/// The first document of a scalar's text, as kustomize looks into it; it has no places.
pub(super) fn parse(scalar: &Node, budget: &mut Budget) -> Result<Option<Node>, String> {
    let text = scalar.text().unwrap_or_default();
    budget.text(2 * text.len())?;
    let shape = Tree::read(text).map(|tree| tree.shape());
    budget.look(LOOKS * shape.as_ref().map_or(0, Node::size))?;
    Ok(shape)
}
