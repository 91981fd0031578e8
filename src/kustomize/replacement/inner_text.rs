//! Paths that go on into a scalar which holds JSON or YAML: kustomize 5.8.1 edits inside the text.

use super::super::budget::Budget;
use super::super::json;
use super::super::node_edit::{STRING_TAG, type_tag};
use super::field_path::{self, Leaf};
use super::lookup;
use crate::source::Files;
use crate::yaml::scalar::{self, Typed};
use crate::yaml::{self, Node, Origin, Span, Style, Value};

/// Sets a value inside the text of a scalar on the way; says whether there was one and the edit worked.
pub(super) fn set(
    object: &mut Node,
    steps: &[String],
    value: &Node,
    creates: Option<Leaf>,
    place: Option<Span>,
    budget: &mut Budget,
) -> Result<bool, String> {
    let text_at = |at: usize| {
        let found = steps.get(..at).and_then(|steps| lookup::look_up(object, steps).ok().flatten());
        found.filter(|node| node.as_scalar().is_some()).map(|node| (at, node))
    };
    let Some((at, node)) = (1..steps.len()).find_map(text_at) else { return Ok(false) };
    budget.text(2 * node.text().unwrap_or_default().len())?;
    let (Some(outer), Some(inner), Some(_)) = (steps.get(..at), steps.get(at..), parse(node)) else { return Ok(false) };
    let (mut done, mut paid) = (false, Ok(()));
    let mut edit = |field: &mut Node| {
        if let Some(text) = edited(field, inner, value, creates, budget) {
            paid = budget.text(text.len());
            let tag = type_tag(field);
            if let Value::Scalar(scalar) = &mut field.value {
                scalar.text = text.into();
            }
            field.tag = tag;
            field.origin = std::mem::take(&mut field.origin).with_patch(place);
            done = true;
        }
        Ok(())
    };
    first(object, outer, &mut edit);
    paid.map(|()| done)
}

/// The first document of a scalar's text; its places are those in the text.
pub(super) fn parse(scalar: &Node) -> Option<Node> {
    let text = scalar.text()?;
    let id = Files::default().add("".into(), None, String::new(), Vec::new()).id;
    let document = yaml::parse::file(text, id).documents.into_iter().next()?.ok()?;
    // A document of nothing but its start, or an anchor, is null.
    let is_there = || text.lines().any(|line| !line.trim_start().is_empty() && !line.trim_start().starts_with('#'));
    document.root.or_else(|| is_there().then(|| Node::plain("", Origin::default())))
}

/// The text after the edit: JSON is written anew, in YAML only the values change.
fn edited(field: &Node, steps: &[String], value: &Node, creates: Option<Leaf>, budget: &mut Budget) -> Option<String> {
    let text = field.text()?;
    let mut root = parse(field)?;
    if root.is_null() && creates.is_some() && steps.first().is_some_and(|step| field_path::is_field(step)) {
        // What is made below null is lost.
        return Some(text.trim_start_matches("---").trim().to_owned());
    }
    let mut changes = Vec::new();
    let mut set = |inner: &mut Node| {
        budget.copy(value.size())?;
        budget.text(value.text().unwrap_or_default().len())?;
        let (tag, span) = (type_tag(inner), inner.origin.span);
        let Value::Scalar(scalar) = &mut inner.value else {
            *inner = value.clone();
            return Ok(());
        };
        scalar.text = value.text().unwrap_or_default().into();
        inner.tag = tag;
        changes.extend(span.map(|span| (span, written(inner))));
        scalar::resolve(inner).map(drop)
    };
    if field_path::visit(&mut root, steps, creates, &mut set).ok()? == 0 {
        return None;
    }
    if text.trim_start().starts_with(['{', '[']) {
        let compact = json::encode(&root).ok()?;
        let is_pretty = text.contains('\n') && text.contains("  ");
        return Some(if is_pretty { json::indented(&compact) } else { compact });
    }
    if changes.is_empty() || creates.is_some() {
        return crate::yaml::print::resource(&root).ok().map(|text| text.trim().to_owned());
    }
    spliced(text, changes).map(|text| text.trim().to_owned())
}

/// A scalar as it is written in its style.
fn written(node: &Node) -> String {
    let Some(scalar) = node.as_scalar() else { return String::new() };
    let is_other = !matches!(scalar::plain(&scalar.text), Typed::String) && node.tag.as_deref() == Some(STRING_TAG);
    match scalar.style {
        Style::SingleQuoted => format!("'{}'", scalar.text.replace('\'', "''")),
        Style::Plain if !is_other => scalar.text.to_string(),
        _ => json::quoted(&scalar.text),
    }
}

fn spliced(text: &str, mut changes: Vec<(Span, String)>) -> Option<String> {
    changes.sort_by_key(|(span, _)| span.start);
    let (mut result, mut at) = (String::with_capacity(text.len()), 0);
    for (span, new) in changes {
        let (start, end) = (span.start as usize, span.end as usize);
        // What an alias stands for changes once, at its anchor.
        if start >= at {
            result.push_str(text.get(at..start)?);
            result.push_str(&new);
            at = end;
        }
    }
    result.push_str(text.get(at..)?);
    Some(result)
}

/// The field that a look-up finds, to be changed.
fn first(object: &mut Node, steps: &[String], edit: &mut dyn FnMut(&mut Node) -> Result<(), String>) {
    let mut is_first = true;
    let mut once = |field: &mut Node| if std::mem::take(&mut is_first) { edit(field) } else { Ok(()) };
    let _ = field_path::visit(object, steps, None, &mut once);
}
