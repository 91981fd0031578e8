//! The tree that all stages share: YAML values that know where they were written.

mod sequence;

use super::shared_vec::SharedVec;
use super::text::Text;
use super::visits::visit;
use super::{Origin, Span, Tag};

pub use sequence::Sequence;

/// How a scalar was written. What it *means* is decided by [`crate::scalar`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Style {
    #[default]
    Plain,
    SingleQuoted,
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

/// A scalar as written: its text after unquoting and unfolding, and what decides its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    pub text: Text,
    pub style: Style,
}

/// A YAML value with its origin. Every word of a repository is one, so that each byte of it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub value: Value,
    /// An explicit tag as written in its resolved form (`tag:yaml.org,2002:str`, `!foo`); `None` without one.
    pub tag: Option<Tag>,
    pub origin: Origin,
}

/// What a node holds. Aliases are expanded and merge keys merged before anybody sees the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Scalar(Scalar),
    Mapping(Mapping),
    Sequence(Sequence),
}

/// A mapping in the order of its text.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Mapping {
    pub entries: SharedVec<Entry>,
    /// Written as `{…}`. Decides how kustomize writes the scalars inside, and so what it reads again
    /// (yaml-output-semantics, section 2).
    pub flow: bool,
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub key: Node,
    pub value: Node,
}

impl Node {
    /// A scalar of the given style.
    pub fn scalar(text: impl Into<Text>, style: Style, origin: Origin) -> Self {
        Self { value: Value::Scalar(Scalar { text: text.into(), style }), tag: None, origin }
    }

    /// A string that stays a string however it looks (`"1"`, `"true"`).
    pub fn string(text: impl Into<Text>, origin: Origin) -> Self {
        Self::scalar(text, Style::DoubleQuoted, origin)
    }

    /// A plain scalar, typed by its looks.
    pub fn plain(text: impl Into<Text>, origin: Origin) -> Self {
        Self::scalar(text, Style::Plain, origin)
    }

    /// A mapping of the given entries.
    pub fn mapping(entries: Vec<Entry>, origin: Origin) -> Self {
        Self { value: Value::Mapping(Mapping { entries: entries.into(), flow: false }), tag: None, origin }
    }

    /// A sequence of the given items.
    pub fn sequence(items: Vec<Node>, origin: Origin) -> Self {
        Self { value: Value::Sequence(items.into()), tag: None, origin }
    }

    /// The scalar, if it is one.
    pub fn as_scalar(&self) -> Option<&Scalar> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The mapping, if it is one.
    pub fn as_mapping(&self) -> Option<&Mapping> {
        match &self.value {
            Value::Mapping(mapping) => Some(mapping),
            _ => None,
        }
    }

    /// The mapping, to be changed.
    pub fn as_mapping_mut(&mut self) -> Option<&mut Mapping> {
        match &mut self.value {
            Value::Mapping(mapping) => Some(mapping),
            _ => None,
        }
    }

    /// The items, if it is a sequence.
    pub fn as_sequence(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// The items, to be changed.
    pub fn as_sequence_mut(&mut self) -> Option<&mut Vec<Node>> {
        match &mut self.value {
            Value::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// Whether it is a collection in brackets.
    pub fn is_flow(&self) -> bool {
        match &self.value {
            Value::Mapping(mapping) => mapping.flow,
            Value::Sequence(sequence) => sequence.flow,
            Value::Scalar(_) => false,
        }
    }

    /// The items of a sequence, none for anything else.
    pub fn items(&self) -> &[Node] {
        self.as_sequence().unwrap_or_default()
    }

    /// The entries of a mapping, none for anything else.
    pub fn entries(&self) -> &[Entry] {
        self.as_mapping().map_or(&[], |mapping| &mapping.entries)
    }

    /// The value below a key of a mapping.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_mapping()?.get(key)
    }

    /// The value below a key of a mapping, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        self.as_mapping_mut()?.get_mut(key)
    }

    /// The value at a JSON pointer (`/spec/patches/0/target`); `~1` stands for `/`, `~0` for `~`.
    pub fn at(&self, pointer: &str) -> Option<&Node> {
        pointer.split('/').skip(1).try_fold(self, |node, step| match &node.value {
            Value::Mapping(mapping) if step.contains('~') => mapping.get(&step.replace("~1", "/").replace("~0", "~")),
            Value::Mapping(mapping) => mapping.get(step),
            Value::Sequence(items) => items.get(step.parse::<usize>().ok()?),
            Value::Scalar(_) => None,
        })
    }

    /// The text of a scalar, whatever its type; `None` for collections.
    pub fn text(&self) -> Option<&str> {
        self.as_scalar().map(|scalar| &*scalar.text)
    }

    /// All scalars of a tree, keys too, in the order of the text.
    pub fn scalars(&self) -> Scalars<'_> {
        Scalars { ahead: vec![self] }
    }

    /// How many values a tree holds, keys and itself included.
    pub fn size(&self) -> usize {
        1 + match &self.value {
            Value::Scalar(_) => 0,
            Value::Sequence(items) => items.iter().map(Self::size).sum(),
            Value::Mapping(mapping) => mapping.entries.iter().map(|entry| entry.key.size() + entry.value.size()).sum(),
        }
    }

    /// How many levels a tree has; a scalar has one.
    pub fn depth(&self) -> usize {
        1 + match &self.value {
            Value::Scalar(_) => 0,
            Value::Sequence(items) => items.iter().map(Self::depth).max().unwrap_or(0),
            Value::Mapping(mapping) => {
                mapping.entries.iter().map(|entry| entry.key.depth().max(entry.value.depth())).max().unwrap_or(0)
            }
        }
    }

    /// Where a person edits this value.
    pub fn place(&self) -> Option<Span> {
        self.origin.edit_place()
    }
}

/// The scalars of a tree: see [`Node::scalars`].
#[derive(Debug)]
pub struct Scalars<'a> {
    /// What is still to be visited, the next one last.
    ahead: Vec<&'a Node>,
}

impl<'a> Iterator for Scalars<'a> {
    type Item = &'a Node;

    fn next(&mut self) -> Option<&'a Node> {
        loop {
            let node = self.ahead.pop()?;
            match &node.value {
                Value::Scalar(_) => {
                    visit();
                    return Some(node);
                }
                Value::Sequence(items) => self.ahead.extend(items.iter().rev()),
                Value::Mapping(mapping) => {
                    self.ahead.extend(mapping.entries.iter().rev().flat_map(|entry| [&entry.value, &entry.key]));
                }
            }
        }
    }
}

impl Mapping {
    /// The entry of a key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        let mut entries = self.entries.iter().inspect(|_| visit());
        entries.find(|entry| entry.key.text() == Some(key))
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The value of a key, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        let index = self.index(key)?;
        self.entries.get_mut(index).map(|entry| &mut entry.value)
    }

    /// Sets the value of a key: in place if the key is there, at the end otherwise (the new key takes the value's origin).
    pub fn set(&mut self, key: &str, value: Node) {
        match self.get_mut(key) {
            Some(old) => *old = value,
            None => {
                let key = Node::string(key, value.origin.clone());
                self.entries.add(Entry { key, value });
            }
        }
    }

    /// Removes a key and returns its value.
    pub fn remove(&mut self, key: &str) -> Option<Node> {
        let index = self.index(key)?;
        Some(self.entries.remove(index).value)
    }

    fn index(&self, key: &str) -> Option<usize> {
        self.entries.iter().position(|entry| entry.key.text() == Some(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_pointer_width = "64")]
    fn is_small() {
        assert_eq!(size_of::<Node>(), 56);
    }
}
