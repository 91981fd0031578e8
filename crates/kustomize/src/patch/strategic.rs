//! Strategic merge as kustomize 5.8.1 does it, warts included (kustomize-semantics, section 6.3).

mod list;

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::super::node_edit::{STRING_TAG, created_style, has_written_tag, is_string, kind_name, tag_of, type_tag};
use super::schemas::{Field, Schemas, Shape};
use fleetlint_yaml::scalar::{self, Typed, kept_tag};
use fleetlint_yaml::{Entry, Mapping, Node, Scalar, Sequence, Span, Style, Value, yaml11};

/// What a patch cannot do, and the place of the patch that asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Refusal {
    pub(in super::super) message: String,
    pub(in super::super) place: Option<Span>,
}

/// Lays a patch over an object; `None` if the patch deletes it.
pub(in super::super) fn merge(object: Node, patch: &Node, schemas: &Schemas) -> Result<Option<Node>, Refusal> {
    merge_values(object, patch, At { field: None, schemas })
}

/// What is known of the place of a value, and where to look for more.
#[derive(Clone, Copy)]
pub(super) struct At<'s> {
    pub(super) field: Option<Field<'s>>,
    pub(super) schemas: &'s Schemas,
}

impl<'s> At<'s> {
    /// The place below, of which this is known.
    pub(super) fn below(self, field: Option<Field<'s>>) -> Self {
        Self { field, ..self }
    }
}

/// A value that both sides have, null or not.
pub(super) fn merge_values(old: Node, patch: &Node, at: At<'_>) -> Result<Option<Node>, Refusal> {
    if old.is_null() {
        return Ok(adopt(patch.clone(), at)?.map(|value| bracketed(laid_over(&old, value), false)));
    }
    if patch.is_null() {
        return Ok(None);
    }
    match (&old.value, &patch.value) {
        (Value::Scalar(_), Value::Scalar(_)) => Ok(Some(laid_over(&old, patch.clone()))),
        (Value::Mapping(_), Value::Mapping(_)) => merge_mappings(old, patch, at),
        (Value::Sequence(_), Value::Sequence(_)) => merge_sequences(old, patch, at),
        _ => Err(mismatch(&old, patch)),
    }
}

/// A value that only the patch has. Nulls and directives inside do their work and vanish.
pub(super) fn adopt(patch: Node, at: At<'_>) -> Result<Option<Node>, Refusal> {
    match directive(&patch) {
        Ok(Directive::Delete) if patch.as_mapping().is_some() => Ok(None),
        // A directive that nobody knows stays where the whole value is new.
        Err(_) => adopt_fields(patch, at),
        Ok(_) if patch.as_mapping().is_some() => adopt_fields(without_directive(patch), at),
        Ok(_) => match (at.field, patch) {
            (_, patch) if patch.is_null() => Ok(None),
            (Some(Field::List(shape)), Node { value: Value::Sequence(items), tag, origin }) => {
                let flow = items.flow;
                let items = list::adopt(items.items, shape, at)?.into();
                let value = Value::Sequence(Sequence { items, flow });
                Ok(Some(Node { value, tag, origin }))
            }
            (_, patch) => Ok(Some(patch)),
        },
    }
}

/// A value inside of one that only the patch has.
pub(super) fn adopt_nested(patch: Node, at: At<'_>) -> Result<Option<Node>, Refusal> {
    let is_merged_list = matches!(at.field, Some(Field::List(_)));
    let found = match &patch.value {
        Value::Mapping(_) => directive(&patch)?,
        Value::Sequence(_) if is_merged_list => directive(&patch)?,
        _ => Directive::Merge,
    };
    match found {
        Directive::Delete => Ok(None),
        _ if patch.as_sequence().is_some() && is_merged_list => adopt(without_directive(patch), at),
        _ => adopt(patch, at),
    }
}

/// A value that the patch does not have. Fields without any value vanish, lists with merge keys are put in order.
pub(super) fn settle(old: &mut Node, at: At<'_>) -> Result<(), Refusal> {
    if is_settled(old, at) { Ok(()) } else { put_in_order(old, at) }
}

/// Whether settling changes nothing, so that the value stays shared with its base.
pub(super) fn is_settled(old: &Node, at: At<'_>) -> bool {
    match (&old.value, at.field) {
        (Value::Mapping(mapping), _) => {
            let shape = shape_here(old, None, at);
            check_keys(&mapping.entries).is_ok()
                && mapping.entries.iter().all(|Entry { key, value }| {
                    let field = shape.and_then(|shape| shape.field(key.text()?));
                    !is_absent(value) && !wants_quotes(value) && is_settled(value, at.below(field))
                })
        }
        (Value::Sequence(items), Some(Field::List(shape))) => list::is_settled(items, shape, at),
        _ => true,
    }
}

pub(super) fn put_in_order(old: &mut Node, at: At<'_>) -> Result<(), Refusal> {
    match (&mut old.value, at.field) {
        (Value::Mapping(_), _) => {
            let shape = shape_here(old, None, at);
            let Some(mapping) = old.as_mapping_mut() else { return Ok(()) };
            check_keys(&mapping.entries)?;
            mapping.entries.retain(|entry| !is_absent(&entry.value));
            for entry in &mut mapping.entries {
                if matches!(entry.value.value, Value::Scalar(_)) {
                    quote(&mut entry.value);
                } else {
                    put_in_order(&mut entry.value, at.below(shape.and_then(|shape| shape.field(entry.key.text()?))))?;
                }
            }
            Ok(())
        }
        (Value::Sequence(items), Some(Field::List(shape))) => list::settle(items, shape, at),
        _ => Ok(()),
    }
}

fn merge_mappings(mut old: Node, patch: &Node, at: At<'_>) -> Result<Option<Node>, Refusal> {
    let shape = shape_here(&old, Some(patch), at);
    let flow = is_flow_after(&old, patch);
    match directive(patch)? {
        Directive::Delete => return Ok(None),
        Directive::Replace => {
            let new = adopt_fields(without_directive(patch.clone()), at)?;
            return Ok(new.map(|new| bracketed(new, flow)));
        }
        Directive::Merge => {}
    }
    let field_of = |key: &Node| at.below(shape.and_then(|shape| shape.field(key.text()?)));
    let Some(Mapping { entries, .. }) = old.as_mapping_mut().map(std::mem::take) else { return Ok(Some(old)) };
    check_keys(&entries)?;
    check_keys(patch.entries())?;
    // Of a key that a patch has twice the first one counts.
    let mut new: BTreeMap<&str, &Entry> =
        patch.entries().iter().rev().filter_map(|entry| Some((entry.key.text()?, entry))).collect();
    new.remove(DIRECTIVE);
    let mut merged = Vec::with_capacity(entries.len() + new.len());
    for Entry { key, mut value } in entries {
        match key.text().and_then(|text| new.remove(text)) {
            Some(patch) => {
                let value = merge_values(value, &patch.value, field_of(&key))?;
                merged.extend(value.map(|value| Entry { key, value }));
            }
            None if is_absent(&value) => {}
            None => {
                settle(&mut value, field_of(&key))?;
                quote(&mut value);
                merged.push(Entry { key, value });
            }
        }
    }
    for entry in new.into_values() {
        let value = adopt(entry.value.clone(), field_of(&entry.key))?;
        merged.extend(value.map(|value| Entry { key: entry.key.clone(), value: quoted(value) }));
    }
    old.value = Value::Mapping(Mapping { entries: merged.into(), flow });
    Ok(Some(old))
}

fn merge_sequences(mut old: Node, patch: &Node, at: At<'_>) -> Result<Option<Node>, Refusal> {
    let flow = is_flow_after(&old, patch);
    let Some(Field::List(shape)) = at.field else { return Ok(Some(bracketed(patch.clone(), flow))) };
    match directive(patch)? {
        Directive::Delete => return Ok(None),
        Directive::Replace => {
            let new = adopt(without_directive(patch.clone()), at)?;
            return Ok(new.map(|new| bracketed(new, flow)));
        }
        Directive::Merge => {}
    }
    let patch = without_directive(patch.clone());
    if let (Value::Sequence(old), Value::Sequence(patch)) = (&mut old.value, patch.value) {
        let items = list::merge(std::mem::take(&mut old.items), patch.items, shape, at)?.into();
        *old = Sequence { items, flow };
    }
    Ok(Some(old))
}

/// Whether a collection has brackets after a patch: it keeps its own, but what was empty takes those of the patch.
fn is_flow_after(old: &Node, patch: &Node) -> bool {
    let is_empty = old.items().is_empty() && old.entries().is_empty();
    if is_empty { patch.is_flow() } else { old.is_flow() }
}

/// A collection with brackets or without.
fn bracketed(mut node: Node, flow: bool) -> Node {
    match &mut node.value {
        Value::Mapping(mapping) => mapping.flow = flow,
        Value::Sequence(sequence) => sequence.flow = flow,
        Value::Scalar(_) => {}
    }
    node
}

/// kustomize's setter takes an empty key for the mapping itself.
fn check_keys(entries: &[Entry]) -> Result<(), Refusal> {
    let Some(entry) = entries.iter().find(|entry| entry.key.text() == Some("")) else { return Ok(()) };
    let message = "a mapping with an empty key cannot be merged".to_owned();
    Err(Refusal { message, place: entry.key.place() })
}

fn adopt_fields(mut patch: Node, at: At<'_>) -> Result<Option<Node>, Refusal> {
    let shape = shape_here(&patch, None, at);
    let Some(mapping) = patch.as_mapping_mut() else { return Ok(Some(patch)) };
    let entries = std::mem::take(&mut mapping.entries);
    check_keys(&entries)?;
    for Entry { key, value } in entries {
        let field = shape.and_then(|shape| shape.field(key.text()?));
        if let Some(value) = adopt_nested(value, at.below(field))? {
            mapping.entries.add(Entry { key, value: quoted(value) });
        }
    }
    Ok(Some(patch))
}

/// The shape of a mapping: that of its field, else that of the type which it says it has.
fn shape_here<'s>(old: &Node, patch: Option<&Node>, at: At<'s>) -> Option<Shape<'s>> {
    if let Some(Field::Object(shape)) = at.field {
        return Some(shape);
    }
    let text = |node: &Node, key| node.get(key).and_then(Node::text).filter(|text| !text.is_empty()).map(SmolStr::from);
    let shape = |node: &Node| at.schemas.shape_of(&text(node, "apiVersion")?, &text(node, "kind")?);
    shape(old).or_else(|| shape(patch?))
}

const DIRECTIVE: &str = "$patch";

/// `$patch`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Directive {
    Merge,
    Replace,
    Delete,
}

/// What a mapping, or an element of a list that holds nothing else, tells to do.
fn directive(patch: &Node) -> Result<Directive, Refusal> {
    let value = match &patch.value {
        Value::Mapping(mapping) => mapping.get(DIRECTIVE),
        Value::Sequence(items) => list_directive(items),
        Value::Scalar(_) => None,
    };
    match value.map(|value| value.text().unwrap_or_default()) {
        None | Some("merge") => Ok(Directive::Merge),
        Some("replace") => Ok(Directive::Replace),
        Some("delete") => Ok(Directive::Delete),
        Some(other) => {
            let place = value.and_then(Node::place);
            Err(Refusal { message: format!("unknown patch strategy `{other}`"), place })
        }
    }
}

/// The directive of a list: the first element with one counts, and only if it holds nothing else.
fn list_directive(items: &[Node]) -> Option<&Node> {
    let element = items.iter().find(|item| item.get(DIRECTIVE).is_some())?;
    element.get(DIRECTIVE).filter(|_| element.entries().len() == 1)
}

/// The patch without its directive.
fn without_directive(mut patch: Node) -> Node {
    match &mut patch.value {
        Value::Mapping(mapping) => drop(mapping.remove(DIRECTIVE)),
        Value::Sequence(items) => {
            if let Some(word) = list_directive(items).and_then(Node::text).map(SmolStr::from) {
                let goes = |item: &Node| item.get(DIRECTIVE).and_then(Node::text) == Some(&word);
                items.retain(|item| !goes(item) && !is_nothing(item));
            }
        }
        Value::Scalar(_) => {}
    }
    patch
}

/// kustomize sets every field that it walks over, and puts plain strings into quotes that YAML 1.1 takes for something else.
fn quote(value: &mut Node) {
    if wants_quotes(value)
        && let Value::Scalar(scalar) = &mut value.value
    {
        scalar.style = Style::DoubleQuoted;
    }
}

fn wants_quotes(value: &Node) -> bool {
    let is_other = |text: &str, is_made: bool| match is_made {
        true => created_style(text) == Style::DoubleQuoted,
        // What is in a file is plain text without any syntax.
        false => !matches!(yaml11::plain(text), Typed::String | Typed::Timestamp(_)),
    };
    let is_plain = value.as_scalar().is_some_and(|scalar| scalar.style == Style::Plain) && is_string(value);
    is_plain && value.text().is_some_and(|text| !text.is_empty() && is_other(text, value.tag.is_some()))
}

fn quoted(mut value: Node) -> Node {
    quote(&mut value);
    value
}

/// A scalar as it stands where another one stood: what has a tag keeps one, that of the new type.
fn laid_over(old: &Node, new: Node) -> Node {
    match (&old.value, &new.value) {
        (Value::Scalar(scalar), Value::Scalar(own)) if has_written_tag(old) => {
            let value = Value::Scalar(Scalar { text: own.text.clone(), style: scalar.style });
            Node { value, tag: type_tag(&new), origin: new.origin }
        }
        (Value::Scalar(scalar), _) => styled(new, scalar.style),
        _ => new,
    }
}

/// A scalar in the style of the one that it replaces: over quotes everything is printed as a string, a string stays one.
fn styled(node: Node, style: Style) -> Node {
    let Value::Scalar(Scalar { text, style: own }) = &node.value else { return node };
    let tag = match style {
        Style::Plain if *own == Style::Plain => node.tag.clone(),
        Style::Plain => node.tag.clone().or(Some(STRING_TAG.into())),
        _ if node.tag.as_deref().is_some_and(|tag| !says_the_obvious(tag, text)) => node.tag.clone(),
        _ if *own == Style::Plain || node.tag.is_some() => {
            let typed = scalar::plain(text);
            (typed != Typed::String).then(|| kept_tag(&typed))
        }
        _ => None,
    };
    Node { value: Value::Scalar(Scalar { text: text.clone(), style }), tag, origin: node.origin }
}

/// Whether a tag says what the text would be without it: then it is not printed.
fn says_the_obvious(tag: &str, text: &str) -> bool {
    let typed = scalar::plain(text);
    typed != Typed::String && tag == tag_of(&typed)
}

/// `key:` with nothing after it, which a merge drops wherever it stands.
fn is_absent(value: &Node) -> bool {
    value.text() == Some("") && value.is_null()
}

/// Null or `{}`.
pub(super) fn is_nothing(node: &Node) -> bool {
    node.is_null() || node.as_mapping().is_some_and(|mapping| mapping.entries.is_empty())
}

fn mismatch(old: &Node, patch: &Node) -> Refusal {
    let message = format!("wrong node kind: expected {} but got {}", kind_name(old), kind_name(patch));
    Refusal { message, place: patch.place() }
}
