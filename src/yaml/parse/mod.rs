//! Text to documents: yaml-rust2's events, completed with ends from the source text.
//!
//! yaml-rust2 gives the start of each node only. The end of a scalar is found by reading the text again by its style
//! ([`extent`]), the end of a collection is that of its last child or its closing bracket.

mod build;
mod extent;

use std::ops::Range;

use yaml_rust2::parser::{Event, Parser};

use super::{Span, Stream};
use crate::problem::{Problem, ProblemKind};
use crate::source::FileId;

/// Nesting deeper than this is refused: every later stage may recurse over a tree.
pub const MAX_DEPTH: usize = 128;

/// Nodes that aliases may add to one document (billion laughs).
pub const MAX_ALIAS_NODES: usize = 1_000_000;

/// Parses the text of a file. A document that is no YAML is a problem in its place; the next ones are read all the same.
pub fn file(text: &str, file: FileId) -> Stream {
    let mut stream = Stream::default();
    let mut start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    while let Some(resume) = documents_from(text, start, file, &mut stream) {
        start = resume;
    }
    stream
}

/// Reads documents from an offset on. Where one is broken, returns where the next one may start.
fn documents_from(text: &str, start: usize, file: FileId, stream: &mut Stream) -> Option<usize> {
    let rest = &text[start..];
    let offsets = Offsets::new(rest);
    let mut parser = Parser::new_from_str(rest);
    let mut builder = build::Builder::new(rest, start, file);
    loop {
        let (event, mark) = match parser.next_token() {
            Ok(token) => token,
            Err(error) => {
                let at = start + offsets.byte(error.marker().index());
                stream.documents.push(Err(syntax_error(text, at, error.info(), file)));
                return next_document(text, start, at);
            }
        };
        if matches!(event, Event::StreamEnd) {
            return None;
        }
        match builder.event(event, offsets.byte(mark.index())) {
            Ok(None) => {}
            Ok(Some(document)) => stream.documents.push(Ok(document)),
            Err(problem) => {
                let at = problem.place.map_or(start, |place| place.start as usize);
                stream.documents.push(Err(problem));
                return next_document(text, start, at);
            }
        }
    }
}

fn syntax_error(text: &str, at: usize, info: &str, file: FileId) -> Problem {
    let at = at.min(text.len());
    let end = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
    let message = format!("this is not YAML: {info}");
    Problem::new(ProblemKind::YamlSyntax, message, Some(span(file, at..end)))
        .help("check the indentation, the quotes and the brackets before this place")
}

/// The start of the first line that is a `---` marker: behind `start`, and not before the line of the error at `at`.
fn next_document(text: &str, start: usize, at: usize) -> Option<usize> {
    let at = at.min(text.len());
    let mut line_start = text[..at].rfind('\n').map_or(0, |index| index + 1);
    for line in text[line_start..].split_inclusive('\n') {
        let marker = line.trim_end_matches(['\n', '\r']);
        if line_start > start && (marker == "---" || marker.starts_with("--- ")) {
            return Some(line_start);
        }
        line_start += line.len();
    }
    None
}

/// A span of a file from byte offsets; what lies beyond 4 GiB is cut.
fn span(file: FileId, range: Range<usize>) -> Span {
    let offset = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    Span { file, start: offset(range.start), end: offset(range.end) }
}

/// The marks of yaml-rust2 count characters: a table from these to bytes, where the two differ.
struct Offsets {
    bytes: Option<Vec<usize>>,
    len: usize,
}

impl Offsets {
    fn new(text: &str) -> Self {
        let bytes = (!text.is_ascii()).then(|| text.char_indices().map(|(index, _)| index).collect());
        Self { bytes, len: text.len() }
    }

    fn byte(&self, index: usize) -> usize {
        match &self.bytes {
            None => index.min(self.len),
            Some(bytes) => bytes.get(index).copied().unwrap_or(self.len),
        }
    }
}
