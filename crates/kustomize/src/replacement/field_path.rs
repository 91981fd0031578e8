//! Field paths of replacements and vars: `spec.containers.[name=x].env.0.value`, `*`, `\.` and `[a.b]` as escapes. All the
//! fields that one leads to, as kustomize looks up targets; for one field see `lookup`.

use super::super::budget::Budget;
use super::super::go_regex;
use super::super::node_edit::{kind_name, untyped};
use fleetlint_yaml::{Entry, Node, Origin, Style, Value, print};

/// How large the compiled pattern of a step may be, in bytes.
const MAX_PATTERN: usize = 1 << 16;

/// What is at the end of a path that is made.
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

    pub(super) fn node(self) -> Node {
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

/// A field at the end of a path.
pub(in super::super) enum Found {
    /// The positions of the children that lead to it.
    Field(Vec<usize>),
    /// What is made below null, or is inside a text: a change of it is lost.
    Lost(Node),
}

impl Found {
    /// The field, unless it is gone by now.
    pub(in super::super) fn of<'a>(&'a mut self, object: &'a mut Node) -> Option<&'a mut Node> {
        match self {
            Self::Lost(node) => Some(node),
            Self::Field(positions) => positions.iter().try_fold(object, |node, position| match &mut node.value {
                Value::Sequence(items) => items.get_mut(*position),
                Value::Mapping(mapping) => mapping.entries.get_mut(*position).map(|entry| &mut entry.value),
                Value::Scalar(_) => None,
            }),
        }
    }
}

/// Calls `set` for every field at a path and says how many there were. With a leaf, what is missing is made.
pub(in super::super) fn visit(
    object: &mut Node,
    steps: &[String],
    creates: Option<Leaf>,
    budget: &mut Budget,
    set: &mut dyn FnMut(&mut Node) -> Result<(), String>,
) -> Result<usize, String> {
    let mut found = find(object, steps, creates, budget)?;
    found.iter_mut().filter_map(|found| found.of(object).map(&mut *set)).collect::<Result<(), String>>()?;
    Ok(found.len())
}

/// Finds every field at a path. With a leaf, what is missing is made.
pub(in super::super) fn find(
    object: &mut Node,
    steps: &[String],
    creates: Option<Leaf>,
    budget: &mut Budget,
) -> Result<Vec<Found>, String> {
    let mut search = Search { creates, budget, way: Vec::new(), found: Vec::new(), lost: false };
    search.down(object, steps)?;
    Ok(search.found)
}

struct Search<'a> {
    creates: Option<Leaf>,
    budget: &'a mut Budget,
    /// The positions that lead to where it is.
    way: Vec<usize>,
    found: Vec<Found>,
    /// Whether it is at something that the object does not hold.
    lost: bool,
}

impl Search<'_> {
    fn down(&mut self, node: &mut Node, steps: &[String]) -> Result<(), String> {
        let Some((step, rest)) = steps.split_first() else {
            let found = if self.lost { Found::Lost(node.clone()) } else { Found::Field(self.way.clone()) };
            self.found.push(found);
            return Ok(());
        };
        let index = step.parse::<usize>();
        let is_field = is_field(step);
        if node.is_null() {
            // What kustomize makes below null is never printed.
            let (part, kind) = if is_field { (Leaf::Mapping, "MappingNode") } else { (Leaf::Sequence, "SequenceNode") };
            return match self.creates {
                None if is_field => Ok(()),
                Some(_) if node.text() == Some("") => Err(wrong_kind(kind, node)),
                _ => self.apart(&mut part.node(), steps),
            };
        }
        match index {
            Ok(index) => self.element(node, index, rest),
            Err(_) if step == "*" => {
                let items = elements_mut(node)?;
                items.iter_mut().enumerate().try_for_each(|(at, item)| self.child(at, item, rest))
            }
            Err(_) if is_field => self.field(node, step, rest),
            Err(_) => self.matches(node, step, rest),
        }
    }

    fn child(&mut self, at: usize, node: &mut Node, rest: &[String]) -> Result<(), String> {
        self.way.push(at);
        let result = self.down(node, rest);
        self.way.pop();
        result
    }

    /// Goes on in a node that the object does not hold.
    fn apart(&mut self, node: &mut Node, steps: &[String]) -> Result<(), String> {
        let around = std::mem::replace(&mut self.lost, true);
        let result = self.down(node, steps);
        self.lost = around;
        result
    }

    fn element(&mut self, list: &mut Node, index: usize, rest: &[String]) -> Result<(), String> {
        let items = elements_mut(list)?;
        if let Some(leaf) = self.creates.filter(|_| items.len() == index) {
            items.push(part_of(rest, leaf).node());
        }
        let found = items.len();
        let item = items.get_mut(index);
        self.child(index, item.ok_or(format!("index {index} specified but only {found} elements found"))?, rest)
    }

    fn field(&mut self, node: &mut Node, step: &str, rest: &[String]) -> Result<(), String> {
        let wrong = wrong_kind("MappingNode", node);
        let mapping = node.as_mapping_mut().ok_or(wrong)?;
        if let Some(leaf) = self.creates.filter(|_| mapping.get(step).is_none()) {
            let key = Node::string(step, Origin::default());
            mapping.entries.add(Entry { key, value: part_of(rest, leaf).node() });
        }
        let is_field = |entry: &Entry| entry.key.text() == Some(step);
        let Some(at) = mapping.entries.iter().position(is_field) else { return Ok(()) };
        let Some(field) = mapping.entries.get_mut(at).map(|entry| &mut entry.value) else { return Ok(()) };
        if field.as_scalar().is_some() && !field.is_null() && !rest.is_empty() {
            // kustomize looks into the text here, but what it changes there is lost.
            let inner = super::inner_value::parse(field, self.budget)?;
            let mut inner = inner.ok_or_else(|| wrong_kind("MappingNode", field))?;
            return self.apart(&mut inner, rest);
        }
        self.child(at, field, rest)
    }

    fn matches(&mut self, node: &mut Node, step: &str, rest: &[String]) -> Result<(), String> {
        let (key, value) = key_and_value(step)?;
        let rest = if key.is_empty() { &[] } else { rest };
        let regex = go_regex::compiled(&go_regex::translated(value), MAX_PATTERN);
        let regex = regex.map_err(|_| format!("`{value}` is not a regular expression"))?;
        let items = elements_mut(node)?;
        let fits = |item: &Node| match key {
            "" => regex.is_match(&shown(item)),
            key => item.get(key).is_some_and(|own| regex.is_match(&shown(own))),
        };
        let before = self.found.len();
        for (at, item) in items.iter_mut().enumerate().filter(|(_, item)| fits(item)) {
            self.child(at, item, rest)?;
        }
        if self.found.len() > before || self.creates.is_none() {
            return Ok(());
        }
        let value = untyped(value, Origin::default());
        let item = match key {
            "" => value,
            key => Node::mapping(vec![Entry { key: Node::string(key, Origin::default()), value }], Origin::default()),
        };
        items.push(item);
        let at = items.len() - 1;
        items.last_mut().map_or(Ok(()), |item| self.child(at, item, rest))
    }
}

/// What the first step of a rest of a path needs.
pub(super) fn part_of(rest: &[String], leaf: Leaf) -> Leaf {
    match rest.first() {
        None => leaf,
        Some(next) if is_match(next) || next.parse::<usize>().is_ok() => Leaf::Sequence,
        Some(_) => Leaf::Mapping,
    }
}

/// Whether a step names a field of a mapping.
pub(super) fn is_field(step: &str) -> bool {
    step.parse::<usize>().is_err() && step != "*" && !is_match(step)
}

pub(super) fn is_match(step: &str) -> bool {
    step.starts_with('[') && step.ends_with(']') && step.len() > 1
}

pub(super) fn key_and_value(step: &str) -> Result<(&str, &str), String> {
    let inner = step.strip_prefix('[').and_then(|step| step.strip_suffix(']')).unwrap_or(step);
    inner.split_once('=').ok_or_else(|| "list path element must contain `fieldName=fieldValue`".to_owned())
}

/// A scalar as it is written.
fn shown(node: &Node) -> String {
    let text = node.text().unwrap_or_default();
    match node.as_scalar().map(|scalar| scalar.style) {
        Some(Style::DoubleQuoted) if node.tag.is_none() => print::in_double_quotes(text),
        Some(Style::SingleQuoted) => format!("'{}'", text.replace('\'', "''")),
        _ => text.trim().to_owned(),
    }
}

pub(super) fn elements(node: &Node) -> Result<&[Node], String> {
    match &node.value {
        Value::Sequence(items) => Ok(items),
        _ if node.is_null() => Ok(&[]),
        _ => Err(wrong_kind("SequenceNode", node)),
    }
}

pub(super) fn elements_mut(node: &mut Node) -> Result<&mut Vec<Node>, String> {
    let wrong = wrong_kind("SequenceNode", node);
    node.as_sequence_mut().ok_or(wrong)
}

pub(super) fn wrong_kind(expected: &str, node: &Node) -> String {
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
