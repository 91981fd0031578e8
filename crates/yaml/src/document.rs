//! A file as a stream of documents.

use super::{Node, Span};
use crate::problem::Problem;

/// A comment, from `#` to the end of its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    pub span: Span,
    /// Where its line starts.
    pub(super) line_start: u32,
}

impl Comment {
    pub(super) fn new(text: &str, span: Span) -> Self {
        let before = text.get(..span.start as usize).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |index| index + 1);
        Self { span, line_start: u32::try_from(line_start).unwrap_or(u32::MAX) }
    }
}

/// One document of a file.
#[derive(Clone, Debug)]
pub struct Document {
    /// `None` for a document without content (empty, or only comments).
    pub root: Option<Node>,
    /// Where keys are duplicated, the root with all of them.
    pub(super) with_all_keys: Option<Node>,
    pub span: Span,
    /// Keys that are duplicated in one mapping: kustomize takes the last one, of patches mostly the first; its resources and the API
    /// server refuse them.
    pub duplicate_keys: Vec<Problem>,
    /// What follows the end of the document and before the next `---` line: kustomize and Flux do not read it.
    pub unread: Option<Problem>,
}

impl Document {
    /// A document without content.
    pub(super) fn empty(span: Span) -> Self {
        Self { root: None, with_all_keys: None, span, duplicate_keys: Vec::new(), unread: None }
    }

    /// The root as kustomize holds a patch: keys may are duplicated in a mapping, and a look-up finds the first.
    pub fn root_with_all_keys(&self) -> Option<&Node> {
        self.with_all_keys.as_ref().or(self.root.as_ref())
    }
}

/// What a file holds, in order. A document that is not YAML is a problem in its place and does not hide the next ones.
#[derive(Clone, Debug, Default)]
pub struct Stream {
    pub documents: Vec<Result<Document, Problem>>,
    /// All comments of the file, in order.
    pub comments: Vec<Comment>,
}

impl Stream {
    /// The comment after a value or key, on the line where it ends; else the one on its first line (a block scalar's is in
    /// its header).
    pub fn comment_after(&self, span: Span) -> Option<&Comment> {
        let from = |offset: u32| {
            let index = self.comments.partition_point(|comment| comment.span.start < offset);
            self.comments.get(index).filter(|comment| comment.line_start <= offset)
        };
        from(span.end).or_else(|| from(span.start))
    }
}
