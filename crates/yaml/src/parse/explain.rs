//! What a person did wrong and where, from the mistake that was found and the text around it.
//!
//! A mistake is found where reading can go no further, often long after the cause: a quote that is not closed is seen at
//! the next quote, a line without `:` at the next line.

mod line;
mod token;

use std::ops::Range;

use super::scan::{Failure, Mistake};

/// A cause, as the fields of a problem; `place` is the text to edit.
#[derive(Debug)]
pub(super) struct Cause {
    pub(super) place: Range<usize>,
    pub(super) message: String,
    /// Empty where there is nothing to say.
    pub(super) help: String,
}

impl Cause {
    fn new(place: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { place, message: message.into(), help: help.into() }
    }
}

/// How far a document was understood.
#[derive(Clone, Copy)]
pub(super) struct Understood {
    pub(super) end: usize,
    /// The innermost bracket that is open there.
    pub(super) bracket: Option<usize>,
    /// The last quoted text before the failure.
    pub(super) quoted: Option<(usize, usize)>,
    /// A line that ended a block scalar because blank lines before it are indented deeper.
    pub(super) short_line: Option<usize>,
}

/// The cause of a failure.
pub(super) fn cause(source: &str, understood: Understood, failure: Failure) -> Cause {
    let at = failure.at.min(source.len());
    line::conflict(source, at)
        .or_else(|| template(source, understood.end.min(at), at))
        .or_else(|| token::cause(source, failure))
        .or_else(|| quote(source, understood, at))
        .or_else(|| unclosed_bracket(source, understood, failure))
        .or_else(|| token::misplaced(source, failure))
        .unwrap_or_else(|| line::cause(source, understood, failure))
}

/// A character that YAML does not allow.
pub(super) fn refused_character(source: &str, at: usize) -> Cause {
    let code = source[at..].chars().next().map_or(0, u32::from);
    let message = format!("the control character U+{code:04X} is not allowed in YAML");
    Cause::new(character(source, at), message, "remove it, or write it as an escape in double quotes")
}

/// Text on a `---` line.
pub(super) fn separator(line: Range<usize>) -> Cause {
    Cause::new(line, "text follows `---`", "put it on the next line")
}

/// `{{ … }}` on the line of the error or between it and what was understood: outside quotes, or in quotes that its own end.
fn template(source: &str, read: usize, at: usize) -> Option<Cause> {
    let from = line_start(source, read);
    let to = line_end(source, at);
    let start = source[from..to].match_indices("{{").map(|(index, _)| from + index).find(|&start| {
        let before = &source[line_start(source, start)..start];
        let quotes = before.matches(['"', '\'']).count();
        let cut_by_quote = quotes == 1 && source[start..at.max(start)].matches('"').count() == 1;
        (quotes == 0 || cut_by_quote) && !before.contains('#')
    })?;
    Some(template_at(source, start))
}

/// A template where a value is expected.
pub(super) fn template_at(source: &str, start: usize) -> Cause {
    let line_end = line_end(source, start);
    let end = source[start..line_end].find("}}").map_or(line_end, |length| start + length + 2);
    let message = format!("{} is a template, not YAML", quoted(source, start..end, "this"));
    let help =
        "render the template first, keep it out of the folders that Flux builds, or quote the value if it is a string";
    Cause::new(start..end, message, help)
}

/// What a message quotes. Beside a Secret nothing: a password that starts with `*` looks like an alias.
fn quoted(source: &str, range: Range<usize>, otherwise: &str) -> String {
    if source.contains("Secret") { otherwise.to_owned() } else { format!("`{}`", &source[range]) }
}

/// An alias inside the node of its anchor.
pub(super) fn open_anchor(source: &str, alias: Range<usize>) -> Cause {
    let message = format!("{} is inside the value of its own anchor", quoted(source, alias.clone(), "this alias"));
    Cause::new(alias, message, "write the value itself")
}

/// An alias without its anchor.
pub(super) fn unknown_anchor(source: &str, alias: Range<usize>) -> Cause {
    let message = format!("{} has no anchor before it in this document", quoted(source, alias.clone(), "this alias"));
    Cause::new(alias, message, "quote the value if it is a string; otherwise define the anchor above")
}

/// A quote that is closed on a later line, by what was meant to open the next text; or text after a closing quote.
fn quote(source: &str, understood: Understood, at: usize) -> Option<Cause> {
    let (start, end) = understood.quoted?;
    if line_start(source, end) != line_start(source, at) {
        return None;
    }
    if source[start..end].contains('\n') {
        let help = "close it on its line: as it is, the next quote in the file closes it";
        return Some(Cause::new(start..start + 1, "this quote is not closed on its line", help));
    }
    if !source[end..at].trim().is_empty()
        || source[at..].starts_with([':', '\n', '\r', ',', ']', '}'])
        || end == source.len()
    {
        return None;
    }
    let place = at..line_text(source, at).end.max(at);
    let help = "quote the value as a whole; inside single quotes write `''` for a quote, inside double quotes `\\\"`";
    Some(Cause::new(place, "text follows the closing quote", help))
}

/// A bracket that stands open where brackets are the matter and the line is another one.
fn unclosed_bracket(source: &str, understood: Understood, failure: Failure) -> Option<Cause> {
    let start = match failure.mistake {
        Mistake::ExpectedBracket => failure.from,
        Mistake::NodeContent | Mistake::CannotStart => understood.bracket?,
        _ => return None,
    };
    let is_end = source[failure.at.min(source.len())..].trim().is_empty();
    if !is_end && line_start(source, failure.at) == line_start(source, start) {
        return None;
    }
    let (open, close) = if source[start..].starts_with('[') { ("[", "]") } else { ("{", "}") };
    let help = format!("add the `{close}`, or the `,` between two items");
    Some(Cause::new(start..start + 1, format!("this `{open}` is not closed"), help))
}

fn line_start(source: &str, at: usize) -> usize {
    let before = &source.as_bytes()[..at.min(source.len())];
    before.iter().rposition(|&byte| byte == b'\n').map_or(0, |index| index + 1)
}

/// The end of the line of an offset, without its break.
fn line_end(source: &str, at: usize) -> usize {
    let bytes = source.as_bytes();
    bytes.iter().skip(at).position(|byte| matches!(byte, b'\n' | b'\r')).map_or(bytes.len(), |length| at + length)
}

/// The range of the character at an offset; empty at the end.
pub(super) fn character(source: &str, at: usize) -> Range<usize> {
    let at = at.min(source.len());
    at..source[at..].chars().next().map_or(at, |c| at + c.len_utf8())
}

/// The range of the text of the line at an offset, without indentation and comment.
fn line_text(source: &str, at: usize) -> Range<usize> {
    let start = line_start(source, at);
    let line = &source[start..line_end(source, start)];
    let text = line.find(" #").map_or(line, |index| &line[..index]).trim_end();
    let indentation = text.len() - text.trim_start().len();
    start + indentation..start + text.len()
}
