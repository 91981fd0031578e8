//! A text that is read, changed and written again as go-yaml v3 does it for kustomize: order, styles, comments, anchors, tags
//! and merge keys stay, indentation and empty lines do not.

mod comment;
mod emit;
mod emitter;
mod mark;
mod output;
mod scalar;
mod written;

pub use super::branch::{Branch, Comments, Content, Tree};

use super::scalar::UNTYPED;
use super::{Entry, Node, Origin, Value, parse};

impl Tree {
    /// Reads the first document of a text; `None` for a text without one, and for one that is not YAML.
    pub fn read(text: &str) -> Option<Self> {
        parse::tree(text)
    }

    /// The document as a value whose children are at the same positions: an alias is a text, and nothing is merged.
    pub fn shape(&self) -> Node {
        shape(&self.root)
    }

    /// Takes over what was added to its shape.
    pub fn grow(&mut self, shape: &Node) {
        grow(&mut self.root, shape);
    }

    /// Sets the value that the positions of children lead to: a scalar takes the text and keeps its type and style, anything
    /// else becomes the value.
    pub fn set(&mut self, positions: &[usize], value: &Node, text: &str) {
        let Some(branch) = positions.iter().try_fold(&mut self.root, |branch, &at| branch.child_mut(at)) else {
            return;
        };
        match &mut branch.content {
            Content::Scalar { text: old, .. } => *old = text.into(),
            _ => *branch = Branch::of(value),
        }
    }

    /// The text of the document, with a line break at its end.
    pub fn write(&self) -> String {
        emit::document(self)
    }
}

fn shape(branch: &Branch) -> Node {
    let origin = Origin::default;
    let node = match &branch.content {
        Content::Scalar { text, style } => Node::scalar(text.clone(), *style, origin()),
        Content::Alias(name) => return Node::plain(format!("*{name}"), origin()),
        Content::Sequence { items, .. } => Node::sequence(items.iter().map(shape).collect(), origin()),
        Content::Mapping { entries, .. } => {
            let entry = |(key, value): &(Branch, Branch)| Entry { key: shape(key), value: shape(value) };
            Node::mapping(entries.iter().map(entry).collect(), origin())
        }
    };
    Node { tag: branch.explicit_tag(), ..node }
}

fn grow(branch: &mut Branch, shape: &Node) {
    match (&mut branch.content, &shape.value) {
        (Content::Sequence { items, .. }, Value::Sequence(shapes)) => {
            items.iter_mut().zip(shapes.iter()).for_each(|(item, shape)| grow(item, shape));
            items.extend(shapes.iter().skip(items.len()).map(made));
        }
        (Content::Mapping { entries, .. }, Value::Mapping(mapping)) => {
            entries.iter_mut().zip(mapping.entries.iter()).for_each(|((_, value), entry)| grow(value, &entry.value));
            let new = mapping.entries.iter().skip(entries.len());
            entries.extend(new.map(|entry| (made(&entry.key), made(&entry.value))));
        }
        _ => {}
    }
}

/// What was made of nothing: its scalars have no type, so that they are plain wherever that is possible.
fn made(shape: &Node) -> Branch {
    match &shape.value {
        Value::Scalar(scalar) => {
            let untyped = Node::plain(scalar.text.clone(), Origin::default());
            Branch::of(&Node { tag: Some(UNTYPED.into()), ..untyped })
        }
        Value::Sequence(items) => {
            let items = items.iter().map(made).collect();
            Branch::new(Content::Sequence { items, flow: false }, None)
        }
        Value::Mapping(mapping) => {
            let entries = mapping.entries.iter().map(|entry| (made(&entry.key), made(&entry.value))).collect();
            Branch::new(Content::Mapping { entries, flow: false }, None)
        }
    }
}
