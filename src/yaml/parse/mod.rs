//! Text to documents: yaml-rust2's events, completed with ends and comments from the source text.
//!
//! yaml-rust2 gives the start of each node only, as a count of characters. A file is cut at its `---` lines first, as
//! kustomize cuts it, so that a document that is broken costs no other one. Inside a document, [`cursor`] walks over the
//! structure between the scalars, and the end of a scalar is found by reading its text again by its style ([`extent`]).

mod build;
mod cursor;
mod entries;
mod explain;
mod extent;
mod marks;
mod open;
mod split;

use std::ops::Range;

use yaml_rust2::parser::{Event, Parser};

use self::marks::Marks;
use super::{Comment, Document, Span, Stream};
use crate::problem::{Problem, ProblemKind};
use crate::source::FileId;

/// Nesting deeper than this is refused: every later stage may recurse over a tree.
pub const MAX_DEPTH: usize = 128;

/// Nodes that anchors and aliases may add to a file, besides one for each byte (billion laughs).
const FREE_COPIES: usize = 10_000;

/// A document is read once more for each tab behind a `:`; so many bytes are read again at most.
const MAX_READ_AGAIN: usize = 4_000_000;

/// An empty document that the parser reads before each of ours. yaml-rust2 gets `[a: {b: c}]` wrong (it expects a `}` for the
/// pair `a`) as long as it has not seen a `{`; behind one it reads such pairs another way, which is right.
const LEAD: &str = "{}\n...\n";
const LEAD_LINES: usize = 2;

/// Parses the text of a file. A document that is no YAML is a problem in its place; the next ones are read all the same.
pub fn file(text: &str, file: FileId) -> Stream {
    let mut stream = Stream::default();
    let mut copies_left = FREE_COPIES + text.len();
    for range in split::documents(text) {
        copies_left = part(text, range, file, copies_left, &mut stream);
    }
    stream
}

/// Reads the part of a file between two `---` lines; returns how many nodes aliases may still add.
fn part(text: &str, range: Range<usize>, file: FileId, copies_left: usize, stream: &mut Stream) -> usize {
    let (base, source) = (range.start, &text[range]);
    let mut tabs = Vec::new();
    loop {
        let builder = build::Builder::new(source, base, file, copies_left);
        let read = documents(source, base, file, builder, &tabs);
        match read.refused_tab {
            Some(tab) if tabs.len() * source.len() < MAX_READ_AGAIN => tabs.push(tab),
            _ => {
                stream.documents.extend(read.documents);
                let place = |(start, end): (usize, usize)| span(file, base + start..base + end);
                stream.comments.extend(read.comments.into_iter().map(|comment| Comment::new(text, place(comment))));
                return read.copies_left;
            }
        }
    }
}

/// What one parse gave.
struct Read {
    documents: Vec<Result<Document, Problem>>,
    comments: Vec<(usize, usize)>,
    copies_left: usize,
    /// A tab that only yaml-rust2 refuses.
    refused_tab: Option<usize>,
}

fn documents(source: &str, base: usize, file: FileId, mut builder: build::Builder, tabs: &[usize]) -> Read {
    let (mut documents, mut refused_tab) = (Vec::new(), None);
    let refused = refused_character(source).map(|at| explain::refused_character(source, at));
    let read = match refused {
        Some(cause) => Err(problem(cause, base, file)),
        None => events(source, tabs, &mut builder, &mut documents).map_err(|failure| match failure {
            Failure::Problem(problem) => problem,
            Failure::Syntax { at, info } => {
                refused_tab = tab_behind_colon(source, at, &info);
                problem(explain::cause(source, builder.understood(), at, &info), base, file)
            }
        }),
    };
    documents.extend(read.err().map(Err));
    Read { documents, copies_left: builder.copies_left(), comments: builder.cursor.comments, refused_tab }
}

enum Failure {
    Syntax { at: usize, info: String },
    Problem(Problem),
}

fn events(
    source: &str,
    tabs: &[usize],
    builder: &mut build::Builder,
    documents: &mut Vec<Result<Document, Problem>>,
) -> Result<(), Failure> {
    let mut marks = Marks::new(source, LEAD_LINES);
    let chars =
        source.char_indices().map(|(index, c)| if c == '\t' && tabs.binary_search(&index).is_ok() { ' ' } else { c });
    let mut parser = Parser::new(LEAD.chars().chain(chars));
    let mut in_lead = true;
    loop {
        let (event, mark) = parser.next_token().map_err(|error| {
            let at = marks.byte(error.marker());
            Failure::Syntax { at, info: error.info().to_owned() }
        })?;
        if in_lead {
            in_lead = !matches!(event, Event::DocumentEnd);
            continue;
        }
        if matches!(event, Event::StreamEnd) {
            builder.cursor.walk(source.len());
            return Ok(());
        }
        let document = builder.event(event, marks.byte(&mark)).map_err(Failure::Problem)?;
        documents.extend(document.map(Ok));
    }
}

/// go-yaml takes a tab behind `:`, yaml-rust2 does not before a letter or `-`: it is given a blank in its place.
fn tab_behind_colon(source: &str, at: usize, info: &str) -> Option<usize> {
    let is_about_colon = info == "':' must be followed by a valid YAML whitespace";
    source[..at].rfind(':').map(|colon| colon + 1).filter(|_| is_about_colon)
}

/// The first character that go-yaml's reader refuses, in comments too. yaml-rust2 takes NUL for the end of the text.
fn refused_character(source: &str) -> Option<usize> {
    let refused = |c: char| match c {
        '\t' | '\n' | '\r' | '\u{85}' => false,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => true,
        _ => false,
    };
    source.find(refused)
}

fn problem(cause: explain::Cause, base: usize, file: FileId) -> Problem {
    let place = span(file, base + cause.place.start..base + cause.place.end);
    let problem = Problem::new(ProblemKind::YamlSyntax, cause.message, Some(place));
    if cause.help.is_empty() { problem } else { problem.help(cause.help) }
}

/// A span of a file from byte offsets; what lies beyond 4 GiB is cut.
fn span(file: FileId, range: Range<usize>) -> Span {
    let offset = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    Span { file, start: offset(range.start), end: offset(range.end) }
}
