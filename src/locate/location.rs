//! Spans as people and machines name them.

use std::sync::Arc;

use serde::Serialize;

use crate::source::Files;
use crate::yaml::Span;

/// A range of a file, as reports name it. The order of the fields is that of findings in a report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Location {
    #[serde(serialize_with = "text")]
    pub repository: Arc<str>,
    /// The branch or tag read; `None` for a working tree.
    #[serde(serialize_with = "optional_text")]
    pub revision: Option<Arc<str>>,
    pub file: String,
    /// From 1, as the others; columns count Unicode scalar values, the end is exclusive.
    pub line: usize,
    pub column: usize,
    pub end_line: usize,
    pub end_column: usize,
}

impl Location {
    /// Where a span lies.
    pub fn of(span: Span, files: &Files) -> Self {
        let file = files.get(span.file);
        let (start, end) = (file.position(span.start), file.position(span.end.max(span.start)));
        Self {
            repository: Arc::clone(&file.repository),
            revision: file.revision.clone(),
            file: file.path.clone(),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }
}

fn text<S: serde::Serializer>(text: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text)
}

fn optional_text<S: serde::Serializer>(text: &Option<Arc<str>>, serializer: S) -> Result<S::Ok, S::Error> {
    text.as_deref().serialize(serializer)
}
