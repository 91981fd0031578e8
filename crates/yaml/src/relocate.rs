//! Moves every place of a stream or a tree: from a text that was parsed to the file that it comes from, or to another file.

use std::sync::Arc;

use super::{Comment, Document, Node, Origin, Span, Stream, Value, Variable};
use crate::problem::Problem;

/// The way from a place of the text to one of the file.
pub(super) type SpanMap<'a> = &'a dyn Fn(Span) -> Option<Span>;

pub(super) fn stream(stream: &mut Stream, way: SpanMap) {
    for document in &mut stream.documents {
        match document {
            Ok(document) => self::document(document, way),
            Err(problem) => self::problem(problem, way),
        }
    }
    stream.comments.iter_mut().for_each(|comment| self::comment(comment, way));
}

fn document(document: &mut Document, way: SpanMap) {
    document.span = way(document.span).unwrap_or(document.span);
    document.duplicate_keys.iter_mut().chain(&mut document.unread).for_each(|problem| self::problem(problem, way));
    document.root.iter_mut().chain(&mut document.with_all_keys).for_each(|root| node(root, way));
}

fn comment(comment: &mut Comment, way: SpanMap) {
    let line = Span { start: comment.line_start, end: comment.line_start, ..comment.span };
    comment.line_start = way(line).unwrap_or(line).start;
    comment.span = way(comment.span).unwrap_or(comment.span);
}

pub(super) fn problem(problem: &mut Problem, way: SpanMap) {
    problem.place = problem.place.and_then(way);
    let related = std::mem::take(&mut problem.related);
    problem.related = related.into_iter().filter_map(|(span, label)| Some((way(span)?, label))).collect();
}

pub(super) fn node(node: &mut Node, way: SpanMap) {
    origin(&mut node.origin, way);
    match &mut node.value {
        Value::Scalar(_) => {}
        Value::Sequence(items) => items.iter_mut().for_each(|item| self::node(item, way)),
        Value::Mapping(mapping) => mapping.entries.iter_mut().for_each(|entry| {
            self::node(&mut entry.key, way);
            self::node(&mut entry.value, way);
        }),
    }
}

/// Also what came over the value: a patch, a variable with the origin of its value.
fn origin(origin: &mut Origin, way: SpanMap) {
    origin.span = origin.span.and_then(way);
    if origin.patch().is_none() && origin.variable().is_none() {
        return;
    }
    let variable = origin.variable().map(|variable| {
        let mut variable = Variable::clone(variable);
        self::origin(&mut variable.value, way);
        Arc::new(variable)
    });
    let patch = origin.patch().and_then(way);
    *origin = std::mem::take(origin).with_patch(patch).with_variable(variable);
}
