//! What a person did wrong and where, from the words of yaml-rust2 and the text around the place it gives.
//!
//! yaml-rust2 reports where it can go no further, often long behind the cause: a quote that is not closed is seen at the next
//! quote, a line without `:` at the next line.

mod line;
mod token;

use std::ops::Range;

use super::cursor::line_end;
use super::open::opened;

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
}

/// The cause of an error that yaml-rust2 gives at `at`.
pub(super) fn cause(source: &str, understood: Understood, at: usize, info: &str) -> Cause {
    let read = understood.end.min(at);
    line::conflict(source, at)
        .or_else(|| template(source, read, at))
        .or_else(|| tab(source, at, info))
        .or_else(|| unclosed_quote(source, read, at, info))
        .or_else(|| unclosed_bracket(source, understood, at, info))
        .or_else(|| token::cause(source, at, info))
        .or_else(|| line::cause(source, read, at, info))
        .unwrap_or_else(|| {
            let help = "check the indentation, the quotes and the brackets before this place";
            Cause::new(character(source, at), format!("this is not YAML: {info}"), help)
        })
}

/// A character that YAML does not allow.
pub(super) fn refused_character(source: &str, at: usize) -> Cause {
    let code = source[at..].chars().next().map_or(0, u32::from);
    let message = format!("the control character U+{code:04X} is not allowed in YAML");
    Cause::new(character(source, at), message, "remove it, or write it as an escape in double quotes")
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
    let message = format!("`{}` is a template, not YAML", &source[start..end]);
    let help =
        "render the template first, keep it out of the folders that Flux builds, or quote the value if it is text";
    Cause::new(start..end, message, help)
}

/// An alias inside the node of its anchor, or in another document.
pub(super) fn open_anchor(source: &str, alias: Range<usize>) -> Cause {
    let message =
        format!("`{}` stands inside the value of its own anchor, or in another document", &source[alias.clone()]);
    Cause::new(alias, message, "write the value itself")
}

/// A tab in the indentation of the line, or of the first line of the scalar that the error is about.
fn tab(source: &str, at: usize, info: &str) -> Option<Cause> {
    let about_tabs = info.contains("tab");
    let mut start = line_start(source, at);
    while start <= source.len() {
        let end = line_end(source, start);
        let line = &source[start..end];
        let indentation = &line[..line.len() - line.trim_start().len()];
        if let Some(index) = indentation.find('\t').filter(|_| about_tabs || !line.trim().is_empty()) {
            return Some(tab_at(start + index));
        }
        if !about_tabs || end >= source.len() {
            return None;
        }
        start = end + 1;
    }
    None
}

/// A tab where go-yaml takes none.
pub(super) fn tab_at(at: usize) -> Cause {
    Cause::new(at..at + 1, "a tab indents this line", "indent with blanks")
}

/// A quote that is closed on a later line, by what was meant to open the next text, or never.
fn unclosed_quote(source: &str, read: usize, at: usize, info: &str) -> Option<Cause> {
    let never = info.contains("quoted scalar, found unexpected") || info == "invalid indentation in quoted scalar";
    if never {
        let quote = &source[character(source, at)];
        let help = format!("close it with `{quote}` where the text ends");
        return Some(Cause::new(at..at + 1, "this quote is never closed", help));
    }
    let (start, end) = opened(source, read, at).quoted?;
    let ends_here = line_start(source, end.min(source.len())) == line_start(source, at);
    if !ends_here || !source[start..end].contains('\n') {
        return None;
    }
    let help = "close it on its line: now the next quote of the file closes it";
    Some(Cause::new(start..start + 1, "this quote is not closed on its line", help))
}

/// A bracket that stands open where brackets are the matter and the line is another one.
fn unclosed_bracket(source: &str, understood: Understood, at: usize, info: &str) -> Option<Cause> {
    let is_about_flow =
        info.contains("flow") || info.contains("node content") || info.contains("is only valid inside a block");
    let start = opened(source, understood.end, at).brackets.pop().or(understood.bracket).filter(|_| is_about_flow)?;
    let is_end = source[at.min(source.len())..].trim().is_empty();
    if !is_end && line_start(source, at) == line_start(source, start) {
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

/// The range of the character at an offset; empty at the end.
fn character(source: &str, at: usize) -> Range<usize> {
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
