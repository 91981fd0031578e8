//! Origins across the way through text: the resource as written and the one that its template made, in parallel.

use std::sync::Arc;

use smol_str::SmolStr;

use super::inputs::Input;
use crate::template::{PieceKind, Rendered, Template, Value};
use fleetlint_yaml::scalar::resolve;
use fleetlint_yaml::{Entry, Node, Origin, Secrecy, Text, Value as Tree, Variable};

/// The new tree with the origins of the old one; values that are one input know it.
pub(super) fn origins(old: &Node, new: Node, input: Option<&Input>) -> Node {
    match (&old.value, new.value) {
        (Tree::Mapping(old_mapping), Tree::Mapping(mapping)) => {
            let keys: Vec<SmolStr> = old_mapping.entries.iter().map(|entry| new_key(&entry.key, input)).collect();
            let mut entries: Vec<(usize, Entry)> = Vec::with_capacity(mapping.entries.len());
            for entry in mapping.entries {
                let index = keys.iter().position(|key| Some(key.as_str()) == entry.key.text());
                entries.push(match index.and_then(|index| Some((index, old_mapping.entries.get(index)?))) {
                    Some((index, old)) => {
                        let key = origins(&old.key, entry.key, input);
                        (index, Entry { key, value: origins(&old.value, entry.value, input) })
                    }
                    None => {
                        (usize::MAX, Entry { key: at(entry.key, &old.origin), value: at(entry.value, &old.origin) })
                    }
                });
            }
            entries.sort_by_key(|(index, _)| *index);
            Node::mapping(entries.into_iter().map(|(_, entry)| entry).collect(), old.origin.clone())
        }
        (Tree::Sequence(old_items), Tree::Sequence(items)) => {
            let items = items.into_iter().enumerate().map(|(index, item)| match old_items.get(index) {
                Some(old) => origins(old, item, input),
                None => at(item, &old.origin),
            });
            Node::sequence(items.collect(), old.origin.clone())
        }
        (_, value) => scalar(old, Node { value, ..new }, input),
    }
}

fn scalar(old: &Node, new: Node, input: Option<&Input>) -> Node {
    let text = old.text().unwrap_or_default();
    if text.contains("<<") {
        let rendered = rendered(text, input);
        let variable = rendered.as_ref().zip(input).and_then(|(it, input)| variable(it, input));
        let variable = variable.or_else(|| old.origin.variable().cloned());
        let secret = rendered.as_ref().zip(input).map(|(it, input)| input.secrets_in(text, &it.text, &it.pieces));
        let own = old.secret_texts().into_iter().map(Text::from);
        let secret = match old.secret() {
            Some(Secrecy::Whole) => Some(Secrecy::Whole),
            _ => Secrecy::of_parts(own.chain(secret.unwrap_or_default())),
        };
        return at(new, &old.origin.clone().with_variable(variable).with_secret(secret));
    }
    let is_same = new.text() == Some(text) && resolve(old) == resolve(&new);
    if is_same { old.clone() } else { at(new, &old.origin) }
}

/// What a key is called once its template is evaluated.
fn new_key(key: &Node, input: Option<&Input>) -> SmolStr {
    let text = key.text().unwrap_or_default();
    match text.contains("<<") {
        true => rendered(text, input).map_or_else(|| text.into(), |rendered| rendered.text.into()),
        false => text.into(),
    }
}

fn rendered(text: &str, input: Option<&Input>) -> Option<Rendered> {
    let value = input.map_or(&Value::Nil, |input| &input.value);
    Template::parse(text).and_then(|template| template.render(value)).ok()
}

/// The first input that a rendered text shows.
pub(super) fn variable(rendered: &Rendered, input: &Input) -> Option<Arc<Variable>> {
    let is_only = rendered.pieces.len() == 1;
    rendered.pieces.iter().find_map(|piece| match &piece.kind {
        PieceKind::Action(Some(path)) => named(path, is_only, input),
        _ => None,
    })
}

/// An input as the variable that wrote a value.
pub(super) fn named(path: &[String], whole: bool, input: &Input) -> Option<Arc<Variable>> {
    let value = input.origin(path)?.clone();
    let name = format!("inputs.{}", path.join(".")).into();
    let secret = value.secret().is_some();
    Some(Arc::new(Variable { name, value, whole, secret, collapses_segment: false }))
}

/// Everything in a tree gets one origin.
fn at(mut node: Node, origin: &Origin) -> Node {
    node.origin = origin.clone();
    node.value = match node.value {
        Tree::Mapping(mut mapping) => {
            for entry in std::mem::take(&mut mapping.entries) {
                mapping.entries.add(Entry { key: at(entry.key, origin), value: at(entry.value, origin) });
            }
            Tree::Mapping(mapping)
        }
        Tree::Sequence(items) => Tree::Sequence(items.into_iter().map(|item| at(item, origin)).collect()),
        scalar @ Tree::Scalar(_) => scalar,
    };
    node
}
