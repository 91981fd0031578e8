//! Field paths of replacements and vars: `spec.containers.[name=x].env.0.value`, `*`, `\.` and `[a.b]` as escapes.

use super::super::go_regex;
use super::super::node_edit::{kind_name, untyped};
use crate::yaml::{Entry, Node, Origin, Style, Value};

/// How large the compiled pattern of a step may be, in bytes.
const MAX_PATTERN: usize = 1 << 18;

/// What stands at the end of a path that is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Leaf {
    Scalar,
    Mapping,
    Sequence,
}

impl Leaf {
    /// The kind of a value.
    pub(in super::super) fn of(value: &Node) -> Self {
        match &value.value {
            Value::Scalar(_) => Self::Scalar,
            Value::Mapping(_) => Self::Mapping,
            Value::Sequence(_) => Self::Sequence,
        }
    }

    fn node(self) -> Node {
        match self {
            Self::Scalar => untyped("", Origin::default()),
            Self::Mapping => Node::mapping(Vec::new(), Origin::default()),
            Self::Sequence => Node::sequence(Vec::new(), Origin::default()),
        }
    }
}

/// The steps of a path.
pub(in super::super) fn split(path: &str) -> Vec<String> {
    let parts = split_escaped(path);
    let mut steps = Vec::with_capacity(parts.len());
    let mut parts = parts.into_iter();
    while let Some(part) = parts.next() {
        if !part.starts_with('[') || part.ends_with(']') {
            steps.push(part);
            continue;
        }
        let mut bracketed = part;
        for part in parts.by_ref() {
            bracketed.push('.');
            bracketed.push_str(&part);
            if part.ends_with(']') {
                break;
            }
        }
        let is_match = bracketed.contains('=');
        steps.push(if is_match { bracketed } else { bracketed.trim_matches(['[', ']']).to_owned() });
    }
    steps
}

fn split_escaped(path: &str) -> Vec<String> {
    let mut steps: Vec<String> = Vec::new();
    let path = path.strip_prefix('.').unwrap_or(path);
    for part in path.split('.') {
        match steps.last_mut().filter(|step| step.ends_with('\\')) {
            Some(step) => {
                step.pop();
                step.push('.');
                step.push_str(part);
            }
            None => steps.push(part.to_owned()),
        }
    }
    steps
}

/// The value at a path, as kustomize looks up sources: the first match of `[key=value]`, `-` for the last element.
pub(in super::super) fn look_up<'a>(object: &'a Node, steps: &[String]) -> Result<Option<&'a Node>, String> {
    let mut node = object;
    for step in steps.iter().map(|step| step.trim()).filter(|step| !step.is_empty()) {
        let next = if let Ok(index) = step.parse::<i64>() {
            let index = usize::try_from(index).map_err(|_| format!("array index {index} cannot be negative"))?;
            elements(node)?.get(index)
        } else if step == "-" {
            elements(node)?.last()
        } else if step == "*" {
            return Err("wildcard is not supported here".to_owned());
        } else if is_match(step) {
            let (key, value) = key_and_value(step)?;
            let has = |item: &&Node| match key {
                "" => item.text().unwrap_or_default() == value,
                key => item.get(key).is_some_and(|own| own.text().unwrap_or_default() == value),
            };
            elements(node)?.iter().find(has)
        } else if node.is_null() {
            None
        } else if node.as_mapping().is_some() {
            node.get(step)
        } else {
            return Err(wrong_kind("MappingNode", node));
        };
        match next {
            Some(next) => node = next,
            None => return Ok(None),
        }
    }
    Ok(Some(node))
}

/// Calls `set` for every field at a path and says how many there were. With a leaf, what is missing is made.
pub(in super::super) fn visit(
    node: &mut Node,
    steps: &[String],
    creates: Option<Leaf>,
    set: &mut dyn FnMut(&mut Node) -> Result<(), String>,
) -> Result<usize, String> {
    let Some((step, rest)) = steps.split_first() else {
        set(node)?;
        return Ok(1);
    };
    if let Ok(index) = step.parse::<usize>() {
        let items = elements_mut(node)?;
        if let Some(leaf) = creates.filter(|_| items.len() == index) {
            items.push(part_of(rest, leaf).node());
        }
        let found = items.len();
        let item = items.get_mut(index);
        return visit(
            item.ok_or(format!("index {index} specified but only {found} elements found"))?,
            rest,
            creates,
            set,
        );
    }
    if is_match(step) {
        return visit_matches(node, step, rest, creates, set);
    }
    if step == "*" {
        let items = elements_mut(node)?;
        return items.iter_mut().try_fold(0, |count, item| Ok(count + visit(item, rest, creates, set)?));
    }
    visit_field(node, step, rest, creates, set)
}

fn visit_field(
    node: &mut Node,
    step: &str,
    rest: &[String],
    creates: Option<Leaf>,
    set: &mut dyn FnMut(&mut Node) -> Result<(), String>,
) -> Result<usize, String> {
    if node.is_null() {
        // What kustomize makes below null is never printed.
        let Some(leaf) = creates else { return Ok(0) };
        return visit(&mut part_of(rest, leaf).node(), rest, creates, set);
    }
    let wrong = wrong_kind("MappingNode", node);
    let mapping = node.as_mapping_mut().ok_or(wrong)?;
    if let Some(leaf) = creates.filter(|_| mapping.get(step).is_none()) {
        let key = Node::string(step, Origin::default());
        mapping.entries.add(Entry { key, value: part_of(rest, leaf).node() });
    }
    let Some(field) = mapping.get_mut(step) else { return Ok(0) };
    if field.as_scalar().is_some() && !rest.is_empty() {
        // kustomize looks into the text here, but what it changes there is lost.
        let mut inner = super::inner_text::parse(field).ok_or_else(|| wrong_kind("MappingNode", field))?;
        return visit(&mut inner, rest, creates, &mut |_| Ok(()));
    }
    visit(field, rest, creates, set)
}

fn visit_matches(
    node: &mut Node,
    step: &str,
    rest: &[String],
    creates: Option<Leaf>,
    set: &mut dyn FnMut(&mut Node) -> Result<(), String>,
) -> Result<usize, String> {
    let (key, value) = key_and_value(step)?;
    let regex = go_regex::compiled(&go_regex::translated(value), MAX_PATTERN);
    let regex = regex.map_err(|_| format!("`{value}` is no regular expression"))?;
    let items = elements_mut(node)?;
    let fits = |item: &Node| match key {
        "" => regex.is_match(&shown(item)),
        key => item.get(key).is_some_and(|own| regex.is_match(&shown(own))),
    };
    let mut count = 0;
    for item in items.iter_mut().filter(|item| fits(item)) {
        count += visit(item, if key.is_empty() { &[] } else { rest }, creates, set)?;
    }
    if count > 0 || creates.is_none() {
        return Ok(count);
    }
    let value = untyped(value, Origin::default());
    let mut item = match key {
        "" => value,
        key => Node::mapping(vec![Entry { key: Node::string(key, Origin::default()), value }], Origin::default()),
    };
    let count = visit(&mut item, if key.is_empty() { &[] } else { rest }, creates, set)?;
    items.push(item);
    Ok(count)
}

/// What the first step of a rest of a path needs.
fn part_of(rest: &[String], leaf: Leaf) -> Leaf {
    match rest.first() {
        None => leaf,
        Some(next) if is_match(next) || next.parse::<usize>().is_ok() => Leaf::Sequence,
        Some(_) => Leaf::Mapping,
    }
}

fn is_match(step: &str) -> bool {
    step.starts_with('[') && step.ends_with(']') && step.len() > 1
}

fn key_and_value(step: &str) -> Result<(&str, &str), String> {
    let inner = step.strip_prefix('[').and_then(|step| step.strip_suffix(']')).unwrap_or(step);
    inner.split_once('=').ok_or_else(|| "list path element must contain `fieldName=fieldValue`".to_owned())
}

/// A scalar as it is written.
fn shown(node: &Node) -> String {
    let text = node.text().unwrap_or_default();
    match node.as_scalar().map(|scalar| scalar.style) {
        Some(Style::DoubleQuoted) if node.tag.is_none() => format!("\"{text}\""),
        Some(Style::SingleQuoted) => format!("'{text}'"),
        _ => text.trim().to_owned(),
    }
}

fn elements(node: &Node) -> Result<&[Node], String> {
    match &node.value {
        Value::Sequence(items) => Ok(items),
        _ if node.is_null() => Ok(&[]),
        _ => Err(wrong_kind("SequenceNode", node)),
    }
}

fn elements_mut(node: &mut Node) -> Result<&mut Vec<Node>, String> {
    let wrong = wrong_kind("SequenceNode", node);
    node.as_sequence_mut().ok_or(wrong)
}

fn wrong_kind(expected: &str, node: &Node) -> String {
    format!("wrong node kind: expected {expected} but got {}", kind_name(node))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_in_brackets_and_behind_backslashes_do_not_split() {
        assert_eq!(split(r"a.[name=x.y].[b.c].d\.e"), ["a", "[name=x.y]", "b.c", "d.e"]);
    }
}
