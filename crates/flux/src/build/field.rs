//! Fields of a Flux Kustomization's spec, read with the strictness of Kubernetes.

use crate::texts::how_to_quote;
use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::scalar::{Typed, resolve};
use fleetlint_yaml::{Node, Style, Value};

/// A value that has to be text. Null counts as absent, as for the API server; anything else is a problem.
pub(super) fn text<'a>(node: Option<&'a Node>, field: &str, problems: &mut Vec<Problem>) -> Option<&'a Node> {
    let node = node.filter(|node| !node.is_null())?;
    if is_text(node) {
        return Some(node);
    }
    problems.push(misfit(node, field, "text"));
    None
}

/// The items of a value that has to be a list.
pub(super) fn list<'a>(node: Option<&'a Node>, field: &str, problems: &mut Vec<Problem>) -> &'a [Node] {
    match node.map(|node| (node, &node.value)) {
        Some((_, Value::Sequence(items))) => items,
        Some((node, _)) if !node.is_null() => {
            problems.push(misfit(node, field, "a list"));
            &[]
        }
        _ => &[],
    }
}

/// The items of a list that have to be maps.
pub(super) fn maps<'a>(node: Option<&'a Node>, field: &str, problems: &mut Vec<Problem>) -> Vec<&'a Node> {
    let (maps, others): (Vec<_>, Vec<_>) =
        list(node, field, problems).iter().partition(|item| item.as_mapping().is_some());
    problems.extend(others.into_iter().map(|item| misfit(item, field, "a list of maps")));
    maps
}

/// The items of a list that have to be text.
pub(super) fn texts<'a>(node: Option<&'a Node>, field: &str, problems: &mut Vec<Problem>) -> Vec<&'a Node> {
    let (texts, others): (Vec<_>, Vec<_>) = list(node, field, problems).iter().partition(|item| is_text(item));
    problems.extend(others.into_iter().map(|item| misfit(item, field, "a list of strings")));
    texts
}

fn is_text(node: &Node) -> bool {
    node.as_scalar().is_some() && matches!(resolve(node), Ok(Typed::String | Typed::Timestamp(_)))
}

pub(super) fn misfit(node: &Node, field: &str, wanted: &str) -> Problem {
    let message = format!("`spec.{field}` of a Kustomization must be {wanted}");
    let problem = Problem::new(ProblemKind::KustomizeFailed, message, node.place());
    match node.as_scalar().is_some() && wanted == "text" {
        true => problem.help(how_to_quote(node)),
        false => problem.help(format!("write {wanted}, or remove the field")),
    }
}

/// A text as a node that stays text for every reader of YAML.
pub(super) fn as_text(node: &Node) -> Node {
    match node.as_scalar() {
        Some(scalar) if scalar.style == Style::Plain => Node::string(scalar.text.clone(), node.origin.clone()),
        _ => node.clone(),
    }
}
