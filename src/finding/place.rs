//! Where a finding stands, as it was said: a field of an object, a value, a text. Spans are looked up when they are asked for.

use std::hash::{Hash, Hasher};

use crate::object::Object;
use crate::yaml::{Node, Origin, Span, Value};

/// What a finding points at. Two places are equal if they are the same text.
#[derive(Clone, Debug, Default)]
pub struct Place {
    what: What,
}

#[derive(Clone, Debug, Default)]
enum What {
    /// The value of a field, or its key. The field need not be there.
    Field { object: Object, pointer: String, is_key: bool },
    /// A value.
    Value(Origin),
    /// A text of a file.
    Text(Span),
    /// No text wrote what is wrong.
    #[default]
    Nowhere,
}

impl Place {
    /// The value of a field, where a person edits it: the variable's value if the variable is the whole of it.
    ///
    /// Of a mapping or sequence, its key; of a missing field, the key of the nearest field above it that exists; at last
    /// the object's name.
    pub fn at(object: &Object, pointer: &str) -> Self {
        Self { what: What::Field { object: object.clone(), pointer: pointer.to_owned(), is_key: false } }
    }

    /// The key of a field. Of a list item, its first key; of a missing field as for [`Place::at`].
    pub fn key(object: &Object, pointer: &str) -> Self {
        Self { what: What::Field { object: object.clone(), pointer: pointer.to_owned(), is_key: true } }
    }

    /// A value, where a person edits it.
    pub fn of_node(node: &Node) -> Self {
        Self { what: What::Value(node.origin.clone()) }
    }

    /// A text.
    pub fn of_span(span: Span) -> Self {
        Self { what: What::Text(span) }
    }

    /// No text at all.
    pub fn nowhere() -> Self {
        Self::default()
    }

    /// The text to edit; `None` where no text wrote what is wrong.
    pub fn span(&self) -> Option<Span> {
        match &self.what {
            What::Field { object, pointer, is_key } => {
                let scalar = object.at(pointer).filter(|node| !is_key && node.as_scalar().is_some());
                scalar.and_then(Node::place).or_else(|| key_of(object, pointer))
            }
            What::Value(origin) => origin.edit_place(),
            What::Text(span) => Some(*span),
            What::Nowhere => None,
        }
    }

    /// The value that is there; `None` where a key, a text or nothing is meant.
    pub fn value(&self) -> Option<&Node> {
        match &self.what {
            What::Field { object, pointer, is_key: false } => object.at(pointer).filter(|it| it.as_scalar().is_some()),
            _ => None,
        }
    }

    /// All texts that a person may take for the place: the text to edit, and whatever it passed through on its way (the value
    /// in a base, the patch that put it there, the line that reads the variable), and the keys on whose line it starts.
    pub fn texts(&self) -> Vec<Span> {
        let origins: Vec<&Origin> = match &self.what {
            What::Field { object, pointer, .. } => object.at(pointer).map(|node| &node.origin).into_iter().collect(),
            What::Value(origin) => vec![origin],
            What::Text(_) | What::Nowhere => Vec::new(),
        };
        let passed = origins.into_iter().flat_map(|origin| [origin.span, origin.patch()]).flatten();
        let keys = match &self.what {
            What::Field { object, pointer, .. } => keys_before(object, pointer),
            _ => Vec::new(),
        };
        self.span().into_iter().chain(passed).chain(keys).collect()
    }
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.span() == other.span()
    }
}

impl Eq for Place {}

impl Hash for Place {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.span().hash(state);
    }
}

/// The key of a field, or of the nearest one above it that exists; at last the object's name.
fn key_of(object: &Object, pointer: &str) -> Option<Span> {
    let fields = std::iter::successors(Some(pointer), |pointer| Some(pointer.rsplit_once('/')?.0));
    let keys = fields.filter(|field| !field.is_empty()).find_map(|field| key_span(object, field));
    keys.or_else(|| object.place())
}

/// The key of a field, and the keys of the flow collections that it is in: `ref: {` may be lines above the value.
fn keys_before(object: &Object, pointer: &str) -> Vec<Span> {
    let mut keys: Vec<Option<Span>> = vec![key_span(object, pointer)];
    let mut parent = pointer.rsplit_once('/').map(|(parent, _)| parent);
    while let Some(above) = parent.filter(|above| object.at(above).is_some_and(is_flow)) {
        keys.push(key_span(object, above));
        parent = above.rsplit_once('/').map(|(parent, _)| parent);
    }
    keys.into_iter().flatten().collect()
}

fn is_flow(node: &Node) -> bool {
    match &node.value {
        Value::Mapping(mapping) => mapping.flow,
        Value::Sequence(items) => items.flow,
        Value::Scalar(_) => false,
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
            let span = place.span().unwrap();
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
