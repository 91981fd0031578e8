//! A place in an object, named by a JSON pointer and resolved to a span at once.

use crate::object::Object;
use crate::yaml::{Node, Span, Value};

/// The text that a finding points at; `None` where no text wrote what is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    pub span: Option<Span>,
}

impl Place {
    /// The value of a field, where a person edits it: the variable's value if the variable is the whole of it.
    ///
    /// Of a mapping or sequence, its key; of a missing field, the key of the nearest field above it that exists; at last
    /// the object's name.
    pub fn at(object: &Object, pointer: &str) -> Self {
        let scalar = object.at(pointer).filter(|node| node.as_scalar().is_some());
        match scalar.and_then(Node::place) {
            Some(span) => Self::of_span(span),
            None => Self::key(object, pointer),
        }
    }

    /// The key of a field. Of a list item, its first key; of a missing field as for [`Place::at`].
    pub fn key(object: &Object, pointer: &str) -> Self {
        let fields = std::iter::successors(Some(pointer), |pointer| Some(pointer.rsplit_once('/')?.0));
        let keys = fields.filter(|field| !field.is_empty()).find_map(|field| key_span(object, field));
        Self { span: keys.or_else(|| object.place()) }
    }

    /// A value, where a person edits it.
    pub fn of_node(node: &Node) -> Self {
        Self { span: node.place() }
    }

    /// A text.
    pub fn of_span(span: Span) -> Self {
        Self { span: Some(span) }
    }
}

fn key_span(object: &Object, pointer: &str) -> Option<Span> {
    let (parent, step) = pointer.rsplit_once('/')?;
    match &object.at(parent)?.value {
        Value::Mapping(mapping) => mapping.entry(&step.replace("~1", "/").replace("~0", "~"))?.key.place(),
        Value::Sequence(items) => {
            let item = items.get(step.parse::<usize>().ok()?)?;
            item.entries().first().map_or(item, |entry| &entry.key).place()
        }
        Value::Scalar(_) => None,
    }
}
