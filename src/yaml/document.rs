//! Files as streams of documents, each parsed once per run.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use super::{Node, Span, parse};
use crate::problem::{Problem, ProblemKind};
use crate::source::{File, FileId};

/// A comment, from `#` to the end of its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    pub span: Span,
    /// Where its line starts.
    line_start: u32,
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
    pub span: Span,
    /// Keys that stand twice in one mapping: kustomize takes the last one, its resources and the API server refuse them.
    pub duplicate_keys: Vec<Problem>,
}

/// What a file holds, in order. A document that is no YAML is a problem in its place and does not hide the next ones.
#[derive(Clone, Debug, Default)]
pub struct Stream {
    pub documents: Vec<Result<Document, Problem>>,
    /// All comments of the file, in order.
    pub comments: Vec<Comment>,
}

impl Stream {
    /// The comment behind a value or key, on the line where it ends; else the one on its first line (a block scalar's is in
    /// its header).
    pub fn comment_after(&self, span: Span) -> Option<&Comment> {
        let from = |offset: u32| {
            let index = self.comments.partition_point(|comment| comment.span.start < offset);
            self.comments.get(index).filter(|comment| comment.line_start <= offset)
        };
        from(span.end).or_else(|| from(span.start))
    }
}

/// The parsed files of a run.
#[derive(Default)]
pub struct Documents {
    streams: RwLock<HashMap<FileId, Arc<Stream>>>,
}

impl Documents {
    /// The documents of a file; parses it at the first call. A file that is not UTF-8 holds one problem.
    pub fn of(&self, file: &Arc<File>) -> Arc<Stream> {
        let known = self.streams.read().unwrap_or_else(|poisoned| poisoned.into_inner()).get(&file.id).cloned();
        if let Some(stream) = known {
            return stream;
        }
        let stream = Arc::new(match file.text() {
            Some(text) => parse::file(text, file.id),
            None => Stream { documents: vec![Err(not_text(file))], ..Stream::default() },
        });
        let mut streams = self.streams.write().unwrap_or_else(|poisoned| poisoned.into_inner());
        Arc::clone(streams.entry(file.id).or_insert(stream))
    }
}

fn not_text(file: &File) -> Problem {
    let valid = std::str::from_utf8(&file.bytes).err().map_or(0, |error| error.valid_up_to());
    let start = u32::try_from(valid).unwrap_or(u32::MAX);
    let is_utf16 = file.bytes.starts_with(&[0xff, 0xfe]) || file.bytes.starts_with(&[0xfe, 0xff]);
    let message = if is_utf16 { "this file is UTF-16, not UTF-8" } else { "this byte is no UTF-8 text" };
    let place = Span { file: file.id, start, end: start.saturating_add(1) };
    Problem::new(ProblemKind::YamlSyntax, message, Some(place)).help("save the file as UTF-8")
}
