//! Paths that go on into a scalar which holds JSON or YAML: kustomize 5.8.1 changes the value there and writes the whole text
//! again.

use super::super::budget::Budget;
use super::super::json;
use super::super::node_edit::{raw_text, type_tag};
use super::field_path::{self, Found, Leaf};
use super::inner_value::LOOKS;
use super::lookup;
use fleetlint_source::Files;
use fleetlint_yaml::parse::Dialect;
use fleetlint_yaml::reencode::Tree;
use fleetlint_yaml::scalar::{self, Typed};
use fleetlint_yaml::{self as yaml, Node, Origin, Span, Value};

/// Sets a value inside the text of a scalar on the way; says whether there was one and the edit worked.
pub(super) fn set(
    object: &mut Node,
    steps: &[String],
    value: &Node,
    creates: Option<Leaf>,
    place: Option<Span>,
    budget: &mut Budget,
) -> Result<bool, String> {
    let Some((at, scalar)) = lookup::first_scalar(object, steps) else { return Ok(false) };
    let text = scalar.text.clone();
    budget.text(2 * text.len())?;
    let (Some(outer), Some(inner), Some(tree)) = (steps.get(..at), steps.get(at..), Tree::read(&text)) else {
        return Ok(false);
    };
    let Some(text) = edited(&text, tree, inner, value, creates, budget)? else { return Ok(false) };
    budget.text(text.len())?;
    let mut edit = |field: &mut Node| {
        let tag = type_tag(field);
        let before = field.text().unwrap_or_default().to_owned();
        if let Value::Scalar(scalar) = &mut field.value {
            scalar.text = text.as_str().into();
        }
        field.tag = tag;
        // Inside of the text it may be escaped: then all of it is secret.
        let secrets = value
            .scalars()
            .fold(std::mem::take(&mut field.origin), |origin, scalar| origin.joined_with(&before, scalar));
        field.origin = secrets.with_patch(place);
        Ok(())
    };
    first(object, outer, budget, &mut edit);
    Ok(true)
}

/// The text after the edit, written again; `None` where there is no such field.
fn edited(
    text: &str,
    mut tree: Tree,
    steps: &[String],
    value: &Node,
    creates: Option<Leaf>,
    budget: &mut Budget,
) -> Result<Option<String>, String> {
    let mut shape = tree.shape();
    budget.look(LOOKS * shape.size())?;
    if shape.is_null() {
        // However it is written: what is made below is lost.
        shape = Node::plain("null", Origin::default());
    }
    let found = field_path::find(&mut shape, steps, creates, budget).unwrap_or_default();
    if found.is_empty() {
        return Ok(None);
    }
    tree.grow(&shape);
    drop(shape);
    for found in &found {
        budget.copy(value.size())?;
        budget.text(value.text().unwrap_or_default().len())?;
        if let Found::Field(positions) = found {
            tree.set(positions, value, raw_text(value));
        }
    }
    let written = tree.write();
    drop(tree);
    if text.trim_start().starts_with(['{', '[']) {
        return Ok(json(&written, text.contains('\n') && text.contains("  ")));
    }
    Ok(Some(written.trim().to_owned()))
}

/// A text as JSON; `None` for what kustomize cannot read into Go's types.
fn json(text: &str, is_pretty: bool) -> Option<String> {
    let id = Files::default().add("".into(), None, String::new(), Vec::new()).id;
    let stream = yaml::parse::first(text, id, Dialect::V3);
    let document = stream.documents.into_iter().next()?.ok().filter(|document| document.duplicate_keys.is_empty())?;
    let root = document.root.filter(has_only_text_keys)?;
    let compact = json::encode(&root).ok()?;
    Some(if is_pretty { json::indented(&compact) } else { compact })
}

/// Whether all keys are texts: Go's JSON has no others.
fn has_only_text_keys(node: &Node) -> bool {
    let is_text = |key: &Node| key.as_scalar().is_some() && matches!(scalar::resolve(key), Ok(Typed::String));
    node.items().iter().all(has_only_text_keys)
        && node.entries().iter().all(|entry| is_text(&entry.key) && has_only_text_keys(&entry.value))
}

/// The field that a look-up finds, to be changed.
fn first(
    object: &mut Node,
    steps: &[String],
    budget: &mut Budget,
    edit: &mut dyn FnMut(&mut Node) -> Result<(), String>,
) {
    let mut is_first = true;
    let mut once = |field: &mut Node| if std::mem::take(&mut is_first) { edit(field) } else { Ok(()) };
    let _ = field_path::visit(object, steps, None, budget, &mut once);
}
