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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Files;
    use crate::yaml::Documents;

    const TEXT: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: app\n  labels: {a/b~c: d}\nspec:\n  containers:\n  - image: x\n    env: []\n  - {}\n  list: [one]\n";

    #[test]
    fn pointers_lead_to_what_a_person_edits() {
        let file = Files::default().add("r".into(), None, "a.yaml".into(), TEXT.as_bytes().to_vec());
        let stream = Documents::default().of(&file);
        let root = stream.documents[0].as_ref().unwrap().root.clone().unwrap();
        let object = Object::new(root).unwrap();
        let slice = |place: Place| {
            let span = place.span.unwrap();
            &TEXT[span.start as usize..span.end as usize]
        };
        let cases = [
            ("/kind", "Pod", "kind"),
            ("/metadata/labels/a~1b~0c", "d", "a/b~c"),
            ("/spec", "spec", "spec"),
            ("/spec/containers/0", "image", "image"),
            ("/spec/containers/0/env", "env", "env"),
            ("/spec/containers/0/env/3/name", "env", "env"),
            ("/spec/containers/1", "{}", "{}"),
            ("/spec/containers/7", "containers", "containers"),
            ("/spec/list/0", "one", "one"),
            ("/spec/serviceAccountName", "spec", "spec"),
            ("/spec/list/0/deeper", "one", "one"),
            ("/data/key", "app", "app"),
            ("", "app", "app"),
        ];
        for (pointer, value, key) in cases {
            assert_eq!(slice(Place::at(&object, pointer)), value, "{pointer}");
            assert_eq!(slice(Place::key(&object, pointer)), key, "{pointer}");
        }
    }
}
