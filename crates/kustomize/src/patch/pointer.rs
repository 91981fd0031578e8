//! JSON pointers as kustomize's JSON patch library follows them: the parent must be there, indices may be negative.

use std::borrow::Cow;

use fleetlint_yaml::{Entry, Node, Origin, Value};

/// Why a pointer leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// The mapping or list that should hold the last step.
    Parent,
    /// The last step of a mapping.
    Key(String),
    /// The last step is not an index of the list.
    Index(String),
}

impl Missing {
    /// What an operation says about it.
    pub(super) fn message(&self, operation: &str, path: &str) -> String {
        match self {
            Self::Parent => format!("{operation} operation does not apply: doc is missing path `{path}`"),
            Self::Key(key) => format!("error in {operation} for path `{path}`: nonexistent key `{key}`"),
            Self::Index(index) => format!("error in {operation} for path `{path}`: invalid index `{index}`"),
        }
    }
}

/// The value at a pointer; `None` where a mapping has no such key.
pub(super) fn get<'a>(object: &'a Node, path: &str) -> Result<Option<&'a Node>, Missing> {
    let (steps, last) = split(path)?;
    let parent = steps.iter().try_fold(object, |node, step| child(node, step)).filter(|node| is_container(node));
    match &parent.ok_or(Missing::Parent)?.value {
        Value::Sequence(items) => {
            let index = index_of(&last, items.len())?;
            items.get(index).map(Some).ok_or_else(|| Missing::Index(last.into_owned()))
        }
        Value::Mapping(mapping) => Ok(mapping.get(&last)),
        Value::Scalar(_) => Err(Missing::Parent),
    }
}

/// Sets a key, or inserts before an index; `-` appends.
pub(super) fn add(object: &mut Node, path: &str, value: Node, key: Origin) -> Result<(), Missing> {
    let (parent, last) = parent_of(object, path)?;
    match &mut parent.value {
        Value::Mapping(mapping) => {
            match mapping.get_mut(&last) {
                Some(old) => *old = value,
                None => mapping.entries.add(Entry { key: Node::string(&*last, key), value }),
            }
            Ok(())
        }
        Value::Sequence(items) => {
            let len = items.len();
            let index = if last == "-" { len } else { index_of(&last, len + 1)? };
            if index > len {
                return Err(Missing::Index(last.into_owned()));
            }
            items.insert(index, value);
            Ok(())
        }
        Value::Scalar(_) => Err(Missing::Parent),
    }
}

/// Sets a key, also a new one, or an element.
pub(super) fn replace(object: &mut Node, path: &str, value: Node, key: Origin) -> Result<(), Missing> {
    let (parent, last) = parent_of(object, path)?;
    match &mut parent.value {
        Value::Sequence(items) => {
            let index = index_of(&last, items.len())?;
            *items.get_mut(index).ok_or_else(|| Missing::Index(last.into_owned()))? = value;
            Ok(())
        }
        _ => add(object, path, value, key),
    }
}

/// Takes a value out.
pub(super) fn remove(object: &mut Node, path: &str) -> Result<Node, Missing> {
    let (parent, last) = parent_of(object, path)?;
    match &mut parent.value {
        Value::Mapping(mapping) => mapping.remove(&last).ok_or_else(|| Missing::Key(last.into_owned())),
        Value::Sequence(items) => {
            let index = index_of(&last, items.len())?;
            if index >= items.len() {
                return Err(Missing::Index(last.into_owned()));
            }
            Ok(items.remove(index))
        }
        Value::Scalar(_) => Err(Missing::Parent),
    }
}

fn parent_of<'a, 'b>(object: &'a mut Node, path: &'b str) -> Result<(&'a mut Node, Cow<'b, str>), Missing> {
    let (steps, last) = split(path)?;
    let mut node = object;
    for step in &steps {
        node = match &mut node.value {
            Value::Mapping(mapping) => mapping.get_mut(step).ok_or(Missing::Parent)?,
            Value::Sequence(items) => {
                let index = index_of(step, items.len()).map_err(|_| Missing::Parent)?;
                items.get_mut(index).ok_or(Missing::Parent)?
            }
            Value::Scalar(_) => return Err(Missing::Parent),
        };
    }
    if is_container(node) { Ok((node, last)) } else { Err(Missing::Parent) }
}

fn child<'a>(node: &'a Node, step: &str) -> Option<&'a Node> {
    match &node.value {
        Value::Mapping(mapping) => mapping.get(step),
        Value::Sequence(items) => items.get(index_of(step, items.len()).ok()?),
        Value::Scalar(_) => None,
    }
}

fn is_container(node: &Node) -> bool {
    !matches!(node.value, Value::Scalar(_))
}

/// The steps of a pointer but the last, and the last. What is before the first slash does not count.
fn split(path: &str) -> Result<(Vec<Cow<'_, str>>, Cow<'_, str>), Missing> {
    let mut steps: Vec<Cow<'_, str>> = path.split('/').skip(1).map(unescaped).collect();
    let last = steps.pop().ok_or(Missing::Parent)?;
    Ok((steps, last))
}

fn unescaped(step: &str) -> Cow<'_, str> {
    if !step.contains('~') {
        return Cow::Borrowed(step);
    }
    let mut text = String::with_capacity(step.len());
    let mut rest = step;
    while let Some(at) = rest.find('~') {
        let (before, behind) = rest.split_at(at);
        text.push_str(before);
        let (c, len) = match behind.get(..2) {
            Some("~1") => ('/', 2),
            Some("~0") => ('~', 2),
            _ => ('~', 1),
        };
        text.push(c);
        rest = behind.get(len..).unwrap_or_default();
    }
    text.push_str(rest);
    Cow::Owned(text)
}

/// An index; negative ones count from the end.
fn index_of(step: &str, len: usize) -> Result<usize, Missing> {
    let invalid = || Missing::Index(step.to_owned());
    let index: i64 = step.parse().map_err(|_| invalid())?;
    let from_end = i64::try_from(len).unwrap_or(i64::MAX);
    let index = if index < 0 { index + from_end } else { index };
    usize::try_from(index).map_err(|_| invalid())
}
