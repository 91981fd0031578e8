//! Compares our spans and comments with those of granit-parser, which has exact spans of its own.
//!
//! Compared are, for each document that both read: kind, text, start and end of every scalar, kind, start and end of every
//! mapping and sequence, and every comment. What differs by convention is brought to one form first:
//! - aliases: we expand them, so granit's alias stands for the anchored node with the anchor's spans; merge keys and keys
//!   that are duplicated are left out or resolved on granit's side as on ours.
//! - block collections end for us after their last child, for granit at the next token: granit's end is taken to be that
//!   of its last child. Their start is that of the first key, or of the first `-`, on both sides: granit starts a sequence
//!   that is not indented below its key after its first `- `.
//! - block scalars start for us at `|` or `>`, for granit at their content: its start is moved to the header on the last
//!   line before the content that is not blank. They end for us after their last line with content, for granit after the
//!   trailing blank lines: its end is cut back over these (a line of blanks that belongs to the text is not cut).
//! - values that nobody wrote are empty spans; where they lie is convention and not compared.
//! - granit reads the whole file, we cut it at `---` lines: `granit` recovers at the same lines.
//! - documents without content are left out: of two `---` lines, one after the other, kustomize sees one.

use fleetlint::problem::Problem;
use fleetlint::source::Files;
use fleetlint::yaml::{Documents, Node, Value};
use granit_parser::{Event, Parser, ScalarStyle, StructureStyle};
use regex::Regex;

/// What a comparison of one file found.
#[derive(Default, Debug)]
pub(crate) struct Outcome {
    pub(crate) nodes: usize,
    pub(crate) comments: usize,
    pub(crate) documents: usize,
    /// Our messages for the documents that neither reads.
    pub(crate) broken: Vec<String>,
    /// Differences, in words.
    pub(crate) differences: Vec<String>,
}

/// A node of granit's events, after normalisation.
#[derive(Clone, Debug)]
struct Other {
    kind: Kind,
    start: usize,
    end: usize,
    /// A block collection whose last value nobody wrote.
    ends_absent: bool,
}

#[derive(Clone, Debug)]
enum Kind {
    Scalar { text: String, written: bool, merge: bool },
    Mapping(Vec<(Other, Other)>),
    Sequence(Vec<Other>),
}

struct Open {
    anchor: usize,
    start: usize,
    flow: bool,
    is_mapping: bool,
    children: Vec<Other>,
    /// Where the first child starts and the last one ends in the text: an alias itself, not its anchor.
    first_start: Option<usize>,
    last_end: usize,
}

/// Compares one file.
pub(crate) fn compare(text: &str) -> Outcome {
    let file = Files::default().add("r".into(), None, "a.yaml".into(), text.as_bytes().to_vec());
    let stream = Documents::default().of(&file);
    let (mut others, comments) = granit(text);
    others.retain(|document| !document.as_ref().is_ok_and(is_empty));
    let ours: Vec<_> = stream.documents.iter().filter(|it| !it.as_ref().is_ok_and(|it| it.root.is_none())).collect();
    let mut outcome = Outcome { documents: others.len(), ..Outcome::default() };
    if ours.len() != others.len() {
        let message = format!("{} documents, granit has {}", ours.len(), others.len());
        outcome.differences.push(message);
        return outcome;
    }
    for (ours, other) in ours.into_iter().zip(&others) {
        match (ours, other) {
            (Err(problem), Err(_)) => outcome.broken.push(message(text, problem)),
            (Ok(ours), Ok(other)) => roots(text, ours.root.as_ref(), other.as_ref(), &mut outcome),
            (Err(problem), Ok(_)) => outcome.differences.push(format!("only granit reads it: {}", problem.message)),
            (Ok(_), Err(error)) => outcome.differences.push(format!("only we read it: {error}")),
        }
    }
    if outcome.broken.is_empty() {
        let ours: Vec<(usize, usize)> =
            stream.comments.iter().map(|comment| (comment.span.start as usize, comment.span.end as usize)).collect();
        outcome.comments = comments.len();
        if let Some(at) = (0..ours.len().max(comments.len())).find(|&at| ours.get(at) != comments.get(at)) {
            outcome.differences.push(format!("comment {at}: {:?}, granit {:?}", ours.get(at), comments.get(at)));
        }
    }
    outcome
}

fn message(text: &str, problem: &Problem) -> String {
    let place = problem.place.unwrap();
    let (start, end) = (place.start as usize, place.end as usize);
    let line = text[..start].matches('\n').count() + 1;
    format!("line {line}: {}: {:?}", problem.message, &text[start..end])
}

fn is_empty(root: &Option<Other>) -> bool {
    match root {
        Some(Other { kind: Kind::Scalar { text, written, .. }, .. }) => !written && text.is_empty(),
        Some(_) => false,
        None => true,
    }
}

fn roots(text: &str, ours: Option<&Node>, other: Option<&Other>, outcome: &mut Outcome) {
    match (ours, other) {
        (Some(ours), Some(other)) => nodes(text, ours, other, outcome),
        (ours, other) => outcome.differences.push(format!("root: {ours:?}, granit {other:?}")),
    }
}

fn nodes(text: &str, ours: &Node, other: &Other, outcome: &mut Outcome) {
    outcome.nodes += 1;
    let span = ours.origin.span.unwrap();
    let (start, end) = (span.start as usize, span.end as usize);
    let written = !matches!(other.kind, Kind::Scalar { written: false, .. });
    if written && (start != other.start || !ends_agree(text, end, other)) {
        let line = text[..start.min(text.len())].matches('\n').count() + 1;
        let near = |at: usize| text.get(at.saturating_sub(20)..(at + 10).min(text.len())).unwrap_or_default();
        let (ours, theirs) = (near(end), near(other.end));
        let message = format!("line {line}: {start}..{end} {ours:?}, granit {}..{} {theirs:?}", other.start, other.end);
        outcome.differences.push(message);
    }
    if !written && start != end {
        outcome.differences.push(format!("{start}..{end} is written for us only"));
    }
    match (&ours.value, &other.kind) {
        (Value::Scalar(ours), Kind::Scalar { text: other, .. }) => {
            if *ours.text != **other {
                outcome.differences.push(format!("text {:?}, granit {other:?}", ours.text));
            }
        }
        (Value::Sequence(ours), Kind::Sequence(others)) if ours.len() == others.len() => {
            ours.iter().zip(others).for_each(|(ours, other)| nodes(text, ours, other, outcome));
        }
        (Value::Mapping(ours), Kind::Mapping(others)) => {
            let others = plain_entries(others);
            if ours.entries.len() < others.len() {
                outcome.differences.push(format!("{} entries, granit {}", ours.entries.len(), others.len()));
            }
            for (ours, (key, value)) in ours.entries.iter().zip(&others) {
                nodes(text, &ours.key, key, outcome);
                nodes(text, &ours.value, value, outcome);
            }
        }
        _ => outcome.differences.push(format!("{start}..{end}: other kind or length")),
    }
}

/// After an absent value that ends a collection, only its indicator may be between the two ends.
fn ends_agree(text: &str, end: usize, other: &Other) -> bool {
    let between = text.get(end.min(other.end)..end.max(other.end)).unwrap_or("?");
    let indicator = |c: char| c.is_whitespace() || matches!(c, ':' | '-');
    end == other.end || (other.ends_absent && end > other.end && between.chars().all(indicator))
}

/// The entries without merge keys; of a key that is duplicated, the last one in the place of the first.
fn plain_entries(entries: &[(Other, Other)]) -> Vec<(&Other, &Other)> {
    let mut plain: Vec<(&Other, &Other)> = Vec::new();
    for (key, value) in entries {
        let Kind::Scalar { text, merge, .. } = &key.kind else {
            plain.push((key, value));
            continue;
        };
        let is_same = |other: &Other| matches!(&other.kind, Kind::Scalar { text: known, .. } if known == text);
        match plain.iter().position(|(known, _)| is_same(known)) {
            _ if *merge => {}
            Some(index) => plain[index] = (key, value),
            None => plain.push((key, value)),
        }
    }
    plain
}

type Read = Vec<Result<Option<Other>, String>>;

fn granit(text: &str) -> (Read, Vec<(usize, usize)>) {
    let options = granit_parser::options! { block_scalar_eof_without_line_feed: true };
    let mut parser = Parser::new_from_str_with_options(text, options);
    let (mut documents, mut comments): (Read, _) = (Vec::new(), Vec::new());
    let (mut open, mut root): (Vec<Open>, Option<Other>) = (Vec::new(), None);
    let mut anchors = std::collections::HashMap::new();
    while let Some(next) = parser.next_event() {
        let (event, span) = match next {
            Ok(next) => next,
            Err(error) => {
                documents.push(Err(error.to_string()));
                (open, root) = (Vec::new(), None);
                match parser.proceed_next_document() {
                    Ok(true) => continue,
                    _ => break,
                }
            }
        };
        let (start, end) = (span.start.byte_offset().unwrap(), span.end.byte_offset().unwrap());
        let done_end = matches!(event, Event::Alias(_)).then_some(end);
        let (done, anchor) = match event {
            Event::Comment(..) => {
                comments.push((start, end));
                continue;
            }
            Event::DocumentEnd => {
                documents.push(Ok(root.take()));
                continue;
            }
            Event::Scalar(value, style, anchor, _) => (scalar(text, &value, style, start, end), anchor),
            Event::Alias(anchor) => (anchors.get(&anchor).cloned().unwrap(), 0),
            Event::SequenceStart(style, anchor, _) => {
                let flow = style == StructureStyle::Flow;
                open.push(Open {
                    anchor,
                    start,
                    flow,
                    is_mapping: false,
                    children: Vec::new(),
                    first_start: None,
                    last_end: start,
                });
                continue;
            }
            Event::MappingStart(style, anchor, _) => {
                let flow = style == StructureStyle::Flow && text[start..].starts_with('{');
                open.push(Open {
                    anchor,
                    start,
                    flow,
                    is_mapping: true,
                    children: Vec::new(),
                    first_start: None,
                    last_end: start,
                });
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let open = open.pop().unwrap();
                let anchor = open.anchor;
                (collection(text, open, end), anchor)
            }
            _ => continue,
        };
        if anchor != 0 {
            anchors.insert(anchor, done.clone());
        }
        match open.last_mut() {
            Some(open) => {
                let is_alias = done_end.is_some();
                open.first_start.get_or_insert(if is_alias { start } else { done.start });
                open.last_end = done_end.unwrap_or(done.end);
                open.children.push(done);
            }
            None => root = Some(done),
        }
    }
    (documents, comments)
}

fn scalar(text: &str, value: &str, style: ScalarStyle, start: usize, end: usize) -> Other {
    let plain = style == ScalarStyle::Plain;
    let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
    let (start, end) = if block { block_scalar(text, value, start, end) } else { (start, end) };
    let written = !(plain && (value.is_empty() || (value == "~" && !text[start..].starts_with('~'))));
    let value = if written { value.to_owned() } else { String::new() };
    let merge = plain && value == "<<";
    Other { kind: Kind::Scalar { text: value, written, merge }, start, end, ends_absent: false }
}

/// A block scalar with its header and without the blank lines at its end.
fn block_scalar(text: &str, value: &str, start: usize, end: usize) -> (usize, usize) {
    let empty = value.trim_matches('\n').is_empty();
    let line_start = text[..start].rfind('\n').map_or(0, |index| index + 1);
    let own_line = text[line_start..].lines().next().unwrap_or_default();
    let before = if empty && text[start..].starts_with(['|', '>']) { line_start + own_line.len() } else { line_start };
    let before = text[..before].trim_end();
    let header_line = before.rfind('\n').map_or(0, |index| index + 1);
    let (header_start, header_end) = header(&before[header_line..]).unwrap_or_default();
    if empty {
        return (header_line + header_start, header_line + header_end);
    }
    let source = &text[start..end];
    let blank_tail = value.trim_end_matches('\n').rsplit('\n').next().is_some_and(|line| line.trim().is_empty());
    let content = if blank_tail { source.trim_end_matches(['\n', '\r']) } else { cut_lines(source) };
    (header_line + header_start, start + content.len())
}

/// The header of a block scalar in its line; with its comment, which counts to the line of an empty one.
fn header(line: &str) -> Option<(usize, usize)> {
    let pattern = Regex::new(r"(?:^|\s)([|>][-+0-9]*(?:[ \t]+#.*)?)[ \t\r]*$").unwrap();
    pattern.captures(line).and_then(|found| found.get(1)).map(|found| (found.start(), found.end()))
}

fn cut_lines(source: &str) -> &str {
    let mut end = source.len();
    while let Some(start) = source[..end].rfind('\n') {
        if !source[start..end].trim().is_empty() {
            break;
        }
        end = start;
    }
    source[..end].trim_end_matches('\r')
}

fn collection(text: &str, open: Open, end: usize) -> Other {
    let end = if open.flow { end } else { open.last_end.max(open.start) };
    let start = match (open.is_mapping, open.flow) {
        (_, true) => open.start,
        (true, false) => open.first_start.unwrap_or(open.start),
        (false, false) if open.first_start == Some(open.start) || !text[open.start..].starts_with('-') => {
            text[..open.start].rfind('-').unwrap_or(open.start)
        }
        (false, false) => open.start,
    };
    let absent = |child: &Other| child.ends_absent || matches!(child.kind, Kind::Scalar { written: false, .. });
    let ends_absent = !open.flow && open.children.last().is_some_and(absent);
    let mut children = open.children.into_iter();
    let kind = if open.is_mapping {
        let mut entries = Vec::new();
        while let (Some(key), Some(value)) = (children.next(), children.next()) {
            entries.push((key, value));
        }
        Kind::Mapping(entries)
    } else {
        Kind::Sequence(children.collect())
    };
    Other { kind, start, end, ends_absent }
}
