//! Text to documents, as go-yaml reads it: [`scan`] finds the tokens, [`grammar`] the events, [`build`] the tree.
//!
//! A file is cut at its `---` lines first, as kustomize cuts it, so that a document that is broken costs no other one.
//! kustomize reads one document of each part: what follows its end is not read, and a problem of that document.

mod build;
mod entries;
mod explain;
mod grammar;
mod scan;
mod split;
mod tree;

use std::ops::Range;

use smol_str::SmolStr;

use self::build::Builder;
use self::entries::Names;
use self::grammar::{Event, Grammar};
use self::scan::{Failure, Mistake};
use super::{Comment, Document, Node, Span, Stream};
use crate::problem::{Problem, ProblemKind};
use fleetlint_source::FileId;

pub use self::scan::Dialect;
pub(super) use self::tree::tree;

/// Nesting deeper than this is refused: every later stage may recurse over a tree.
pub const MAX_DEPTH: usize = 128;

/// Nodes that anchors and aliases may add to a file, besides one for each byte (billion laughs).
const FREE_COPIES: usize = 10_000;

const BYTE_ORDER_MARK: char = '\u{feff}';

/// Parses the text of a file. A document that is not YAML is a problem in its place; the next ones are read all the same.
pub fn file(text: &str, file: FileId) -> Stream {
    let mut reader = Reader::new(text, file, Dialect::V3);
    for part in split::parts(text) {
        reader.part(part);
    }
    reader.finish()
}

/// Parses the first document of a text, as a parser reads it that no reader of kustomize cuts the text for.
pub fn first(text: &str, file: FileId, dialect: Dialect) -> Stream {
    let mut reader = Reader::new(text, file, dialect);
    reader.part(split::Part { separator: None, text: 0..text.len() });
    reader.finish()
}

/// The value of a mapping's only scalar value.
pub(super) fn value_of(text: &str) -> Option<SmolStr> {
    let mut grammar = Grammar::new(text, Dialect::V3);
    let mut scalars = 0;
    loop {
        match grammar.next().ok()? {
            Event::StreamEnd => return None,
            Event::Scalar(_, text, ..) if scalars == 1 => return Some(text),
            Event::Scalar(..) => scalars += 1,
            _ => {}
        }
    }
}

/// Reads the parts of a file.
struct Reader<'a> {
    text: &'a str,
    file: FileId,
    dialect: Dialect,
    /// How many nodes aliases may still add.
    copies_left: usize,
    names: Names,
    stream: Stream,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, file: FileId, dialect: Dialect) -> Self {
        Self {
            text,
            file,
            dialect,
            copies_left: FREE_COPIES + text.len(),
            names: Names::default(),
            stream: Stream::default(),
        }
    }

    /// The whole stream; most hold one document, and need no room for more.
    fn finish(mut self) -> Stream {
        self.stream.documents.shrink_to_fit();
        self.stream.comments.shrink_to_fit();
        self.stream
    }

    fn part(&mut self, part: split::Part) {
        let start = part.separator.as_ref().map_or(part.text.start, |separator| separator.start);
        if let Some(separator) = part.separator {
            self.separator(separator);
        }
        let own = &self.text[part.text.clone()];
        let source = own.strip_prefix(BYTE_ORDER_MARK).unwrap_or(own);
        let base = part.text.end - source.len();
        let mut grammar = Grammar::new(source, self.dialect);
        let mut builder = Builder::new(source, base, self.file, self.copies_left, &mut self.names);
        if self.dialect == Dialect::V2 {
            builder = builder.with_all_keys();
        }
        let read = match refused_character(source) {
            Some(at) => Err(problem(explain::refused_character(source, at), base, self.file)),
            None => document(&mut grammar, &mut builder),
        };
        let copies_before = std::mem::replace(&mut self.copies_left, builder.copies_left());
        let is_first = part.text.start == start;
        match read {
            Ok(Some(mut document)) => {
                document.span.start = if is_first { document.span.start } else { offset(start) };
                if !document.duplicate_keys.is_empty() {
                    document.with_all_keys = self.with_all_keys(source, base, copies_before);
                }
                self.stream.documents.push(Ok(document));
            }
            Ok(None) if is_first => {}
            Ok(None) => self.stream.documents.push(Ok(Document::empty(span(self.file, start..part.text.end)))),
            Err(problem) => self.stream.documents.push(Err(problem)),
        }
        let comments = &grammar.scanner.comments;
        comments.iter().for_each(|&(start, end)| self.comment(base + start..base + end));
    }

    /// Reads a document once more, with all of the keys that are duplicated.
    fn with_all_keys(&mut self, source: &str, base: usize, copies_left: usize) -> Option<Node> {
        let mut builder = Builder::new(source, base, self.file, copies_left, &mut self.names).with_all_keys();
        let read = document(&mut Grammar::new(source, self.dialect), &mut builder);
        read.ok().flatten()?.root
    }

    /// A `---` line holds nothing but a comment.
    fn separator(&mut self, line: Range<usize>) {
        let rest = &self.text[line.start + 3..line.end];
        let text = rest.trim();
        let start = line.end - rest.trim_start().len();
        if text.starts_with('#') {
            self.comment(start..line.end - rest.len() + rest.trim_end_matches('\r').len());
        } else if !text.is_empty() {
            let end = line.start + 3 + rest.trim_end().len();
            let cause = explain::separator(line.start..end);
            self.stream.documents.push(Err(problem(cause, 0, self.file)));
        }
    }

    fn comment(&mut self, range: Range<usize>) {
        self.stream.comments.push(Comment::new(self.text, span(self.file, range)));
    }
}

/// Reads one document, if there is one.
fn document(grammar: &mut Grammar, builder: &mut Builder) -> Result<Option<Document>, Problem> {
    loop {
        let event = grammar.next().map_err(|failure| builder.failure(grammar, failure))?;
        if matches!(event, Event::StreamEnd) {
            return Ok(None);
        }
        if let Some(mut document) = builder.event(event)? {
            let last_comment = grammar.scanner.comments.last().map_or(0, |&(start, _)| start);
            builder.keep_break(&mut document, last_comment);
            document.unread = unread(grammar, builder);
            return Ok(Some(document));
        }
    }
}

/// What follows the end of a document.
fn unread(grammar: &mut Grammar, builder: &Builder) -> Option<Problem> {
    let failure = match grammar.next() {
        Ok(Event::StreamEnd) => return None,
        Ok(Event::DocumentStart(at)) => {
            let at = at.unwrap_or(grammar.end());
            if is_empty_to_end(grammar) {
                return None;
            }
            Failure::new(Mistake::DocumentStart, at, at)
        }
        Ok(_) => Failure::new(Mistake::DocumentStart, grammar.end(), grammar.end()),
        Err(failure) => failure,
    };
    Some(builder.failure(grammar, failure))
}

/// Whether documents without content follow, and nothing else: a file may end in `---`.
fn is_empty_to_end(grammar: &mut Grammar) -> bool {
    loop {
        match grammar.next() {
            Ok(Event::StreamEnd) => return true,
            Ok(Event::DocumentStart(_) | Event::DocumentEnd(_)) => {}
            Ok(Event::Scalar(properties, _, _, at))
                if at.is_empty() && properties.anchor.is_none() && properties.tag.is_none() => {}
            _ => return false,
        }
    }
}

/// The first character that go-yaml's reader refuses, in comments too.
fn refused_character(source: &str) -> Option<usize> {
    // All of them but DEL start with one of these bytes.
    let bytes = source.as_bytes();
    let mut from = 0;
    while let Some(index) = bytes[from..].iter().position(|&byte| matches!(byte, 0..0x20 | 0x7f | 0xc2 | 0xef)) {
        let at = from + index;
        match source[at..].chars().next() {
            Some('\t' | '\n' | '\r' | '\u{85}') => {}
            Some('\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}') => return Some(at),
            _ => {}
        }
        from = at + 1;
    }
    None
}

fn problem(cause: explain::Cause, base: usize, file: FileId) -> Problem {
    let place = span(file, base + cause.place.start..base + cause.place.end);
    let problem = Problem::new(ProblemKind::YamlSyntax, cause.message, Some(place));
    if cause.help.is_empty() { problem } else { problem.help(cause.help) }
}

/// A span of a file from byte offsets; what lies beyond 4 GiB is cut.
fn span(file: FileId, range: Range<usize>) -> Span {
    Span { file, start: offset(range.start), end: offset(range.end) }
}

fn offset(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
