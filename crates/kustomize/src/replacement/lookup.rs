//! The one field that a path leads to, as kustomize looks up sources: the first match of `[key=value]`, `-` for the last
//! element, no `*`.

use super::super::node_edit::untyped;
use super::field_path::{Leaf, elements, elements_mut, is_match, key_and_value, part_of, wrong_kind};
use fleetlint_yaml::{Entry, Node, Origin, Scalar, Value};

/// The value at a path: see [`locate`].
pub(in super::super) fn look_up<'a>(object: &'a Node, steps: &[String]) -> Result<Option<&'a Node>, String> {
    Ok(locate(object, steps)?.and_then(|positions| at(object, &positions)))
}

/// The value that the positions of children lead to.
pub(super) fn at<'a>(object: &'a Node, positions: &[usize]) -> Option<&'a Node> {
    positions.iter().try_fold(object, |node, position| match &node.value {
        Value::Sequence(items) => items.get(*position),
        Value::Mapping(mapping) => mapping.entries.get(*position).map(|entry| &entry.value),
        Value::Scalar(_) => None,
    })
}

/// The positions of the children that lead to the value at a path, as kustomize looks up sources: the first match of
/// `[key=value]`, `-` for the last element.
pub(super) fn locate(object: &Node, steps: &[String]) -> Result<Option<Vec<usize>>, String> {
    let (mut node, mut positions) = (object, Vec::new());
    for step in named(steps) {
        let Some((position, below)) = below(node, step)? else { return Ok(None) };
        positions.push(position);
        node = below;
    }
    Ok(Some(positions))
}

/// The first scalar on the way of a path, and how many of its steps lead there: some, and not all.
pub(super) fn first_scalar<'a>(object: &'a Node, steps: &[String]) -> Option<(usize, &'a Scalar)> {
    let (_, before) = steps.split_last()?;
    let mut node = object;
    for (index, step) in before.iter().enumerate() {
        if let Some(step) = named(std::slice::from_ref(step)).next() {
            node = below(node, step).ok().flatten()?.1;
        }
        if let Some(scalar) = node.as_scalar() {
            return Some((index + 1, scalar));
        }
    }
    None
}

fn named(steps: &[String]) -> impl Iterator<Item = &str> {
    steps.iter().map(|step| step.trim()).filter(|step| !step.is_empty())
}

/// The child that a step leads to, and its position.
fn below<'a>(node: &'a Node, step: &str) -> Result<Option<(usize, &'a Node)>, String> {
    let position = if let Ok(index) = step.parse::<i64>() {
        let index = usize::try_from(index).map_err(|_| format!("array index {index} cannot be negative"))?;
        (index < elements(node)?.len()).then_some(index)
    } else if step == "-" {
        elements(node)?.len().checked_sub(1)
    } else if step == "*" {
        return Err("wildcard is not supported here".to_owned());
    } else if is_match(step) {
        let (key, value) = key_and_value(step)?;
        elements(node)?.iter().position(|item| matches(item, key, value))
    } else if node.is_null() {
        None
    } else if let Some(mapping) = node.as_mapping() {
        mapping.entries.iter().position(|entry| entry.key.text() == Some(step))
    } else {
        return Err(wrong_kind("MappingNode", node));
    };
    Ok(position.and_then(|position| Some((position, at(node, &[position])?))))
}

/// Calls `set` for the field at a path; what is missing of the path is made, with the origin of the path. Below null, and
/// where an element is missing, there is no field.
pub(in super::super) fn make(
    node: &mut Node,
    steps: &[String],
    origin: &Origin,
    set: &mut dyn FnMut(&mut Node) -> Result<(), String>,
) -> Result<(), String> {
    let Some((step, rest)) = steps.split_first() else { return set(node) };
    let next = if let Ok(index) = step.parse::<i64>() {
        let index = usize::try_from(index).map_err(|_| format!("array index {index} cannot be negative"))?;
        if node.is_null() { None } else { elements_mut(node)?.get_mut(index) }
    } else if step == "-" {
        let last = if node.is_null() { None } else { elements_mut(node)?.last_mut() };
        Some(last.ok_or("`-` needs a list that is not empty")?)
    } else if step == "*" {
        return Err("wildcard is not supported here".to_owned());
    } else if node.is_null() {
        None
    } else if is_match(step) {
        Some(element(elements_mut(node)?, step, origin)?)
    } else {
        Some(field(node, step, rest, origin)?)
    };
    next.map_or(Ok(()), |next| make(next, rest, origin, set))
}

fn element<'a>(items: &'a mut Vec<Node>, step: &str, origin: &Origin) -> Result<&'a mut Node, String> {
    let (key, value) = key_and_value(step)?;
    let at = items.iter().position(|item| matches(item, key, value)).unwrap_or(items.len());
    if at == items.len() {
        let value = untyped(value, origin.clone());
        items.push(match key {
            "" => value,
            key => Node::mapping(vec![Entry { key: Node::string(key, origin.clone()), value }], origin.clone()),
        });
    }
    items.get_mut(at).ok_or_else(|| format!("no element `{step}`"))
}

fn field<'a>(node: &'a mut Node, step: &str, rest: &[String], origin: &Origin) -> Result<&'a mut Node, String> {
    let wrong = wrong_kind("MappingNode", node);
    let mapping = node.as_mapping_mut().ok_or(wrong)?;
    if mapping.get(step).is_none() {
        let key = Node::string(step, origin.clone());
        let value = Node { origin: origin.clone(), ..part_of(rest, Leaf::Scalar).node() };
        mapping.entries.add(Entry { key, value });
    }
    mapping.get_mut(step).ok_or_else(|| format!("no field `{step}`"))
}

/// Whether an element is the one of `[key=value]`.
fn matches(item: &Node, key: &str, value: &str) -> bool {
    let is_value = |node: &Node| node.text().unwrap_or_default() == value;
    match key {
        "" => is_value(item),
        key => item.get(key).is_some_and(is_value),
    }
}
