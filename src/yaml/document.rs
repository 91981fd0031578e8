//! Files as streams of documents, each parsed once per run.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use super::{Node, Span};
use crate::problem::Problem;
use crate::source::{File, FileId};

/// A comment, from `#` to the end of its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    pub span: Span,
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

/// The parsed files of a run.
#[derive(Default)]
pub struct Documents {
    streams: RwLock<HashMap<FileId, Arc<Stream>>>,
}

impl Documents {
    /// The documents of a file; parses it at the first call.
    pub fn of(&self, _file: &Arc<File>) -> Arc<Stream> {
        let _ = &self.streams;
        todo!()
    }
}
