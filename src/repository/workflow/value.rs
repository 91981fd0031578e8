//! Values of a workflow: texts with expressions.

use smol_str::SmolStr;

use crate::repository::snippet::Snippet;
use crate::repository::written::{Unread, Written};
use crate::source::FileId;
use crate::yaml::{Documents, Node, Span};

/// Words in the names of variables and inputs whose values are not kept, unless an expression gives them.
const SECRET: [&str; 8] = ["token", "password", "passwd", "secret", "key", "credential", "auth", "pat"];

/// Reads values of one file.
#[derive(Clone, Copy)]
pub(super) struct Values<'a> {
    pub documents: &'a Documents,
    pub file: FileId,
}

impl<'a> Values<'a> {
    /// A scalar; a list or mapping is an empty text.
    pub(super) fn written(self, node: &Node) -> Written {
        let text = node.text().unwrap_or_default();
        Written { text: text.into(), unread: expressions(text), place: self.place(node) }
    }

    /// A key of a mapping.
    pub(super) fn place(self, node: &Node) -> Span {
        node.origin.span.unwrap_or(Span { file: self.file, start: 0, end: 0 })
    }

    /// A scalar, or the scalars of a list.
    pub(super) fn list(self, node: Option<&Node>) -> Vec<Written> {
        let Some(node) = node else { return Vec::new() };
        match node.as_sequence() {
            Some(items) => items.iter().map(|item| self.written(item)).collect(),
            None => node.text().map(|_| self.written(node)).into_iter().collect(),
        }
    }

    /// The scalars of a mapping by their keys.
    pub(super) fn pairs(self, node: Option<&Node>) -> Vec<(SmolStr, Written)> {
        let entries = node.map(Node::entries).unwrap_or_default().iter();
        let pair = |(key, value): (&str, &Node)| {
            let written = self.written(value);
            let is_secret = written.unread.is_empty() && looks_secret(key);
            let text = if is_secret { SmolStr::default() } else { written.text };
            (key.into(), Written { text, ..written })
        };
        entries.filter_map(|entry| Some((entry.key.text()?, &entry.value))).map(pair).collect()
    }

    /// A scalar as a text of its own.
    pub(super) fn snippet(self, node: &'a Node) -> Snippet<'a> {
        Snippet::of_scalar(node.text().unwrap_or_default(), self.documents.places(node), self.file)
    }
}

fn looks_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key.split(['_', '-', '.']).any(|word| SECRET.iter().any(|secret| word == *secret || word == format!("{secret}s")))
        || ["token", "password", "secret"].iter().any(|word| key.contains(word))
}

/// The expressions of a text.
fn expressions(text: &str) -> Vec<Unread> {
    let parts = text.split("${{").skip(1).filter_map(|part| part.split_once("}}"));
    parts.map(|(expression, _)| Unread::Expression(expression.trim().into())).collect()
}
