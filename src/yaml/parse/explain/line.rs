//! Mistakes of whole lines: indentation, a second `: `, a missing `:`.

use super::super::cursor::line_end;
use super::{Cause, character, line_start, line_text};

pub(super) fn cause(source: &str, read: usize, at: usize, info: &str) -> Option<Cause> {
    let whole = line_text(source, at);
    let first = line_text(source, source.len() - source.trim_start().len());
    let whole = if source[first.clone()].starts_with("//") { first } else { whole };
    if source[whole.clone()].starts_with("//") {
        return Some(Cause::new(whole, "`//` starts no comment", "write `#`, or remove the comment from a JSON file"));
    }
    match info {
        "mapping values are not allowed in this context" => Some(second_value(source, at)),
        "simple key expect ':'" | "simple key expected" => Some(no_colon(source, read, at)),
        "block sequence entries are not allowed in this context" => {
            let help = "put the list on the lines below its key, or quote the value if it is text";
            Some(Cause::new(at..at + 1, "a list cannot start on the line of its key", help))
        }
        "did not find expected <document start>" => Some(document_start(source, at)),
        "while scanning a directive, could not find expected directive name" => {
            Some(Cause::new(whole, "a line cannot start with `%`", "quote the value if it is text"))
        }
        "wrongly indented line in block scalar" => {
            let help = "indent it as far as the lines around it";
            Some(Cause::new(whole, "this line is indented less than the blank lines before it", help))
        }
        _ if info.contains("directive") => Some(directive(whole)),
        _ if source[whole.clone()].starts_with("- ") && info.contains("key") => {
            let help = "align it with the other items, or with the key that holds the list";
            Some(Cause::new(whole, "this list item stands where a key is expected", help))
        }
        _ if info.contains("expected '-'") => {
            let help = "start it with `- `, or indent it as far as the fields of the item above";
            Some(Cause::new(whole, "this line stands where a list item is expected", help))
        }
        _ if info.contains("expected key") || info.contains("indentation") => Some(misfit(whole)),
        _ => None,
    }
}

/// The marks that Git leaves at the start of lines.
pub(super) fn conflict(source: &str, at: usize) -> Option<Cause> {
    let mut start = 0;
    for line in source[..line_end(source, at)].split('\n') {
        if line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ") {
            let place = start..start + line.trim_end().len();
            return Some(Cause::new(place, "a merge conflict is not resolved here", "resolve it and remove the marks"));
        }
        start += line.len() + 1;
    }
    None
}

fn misfit(line: std::ops::Range<usize>) -> Cause {
    Cause::new(line, "the indentation of this line fits none of the lines above", "align it with its siblings")
}

/// A `: ` behind a value: on its line, or on an own line that is indented deeper than the value allows.
fn second_value(source: &str, at: usize) -> Cause {
    let start = line_start(source, at);
    let before = &source[start..at];
    if before.contains(": ") || before.contains(":\t") {
        let help = "quote the value, or put the second key on a line of its own";
        return Cause::new(at..at + 1, "a value that is not quoted cannot hold `: `", help);
    }
    let help = "align it with the lines it belongs to";
    Cause::new(line_text(source, at), "the indentation of this line makes it a part of the text above", help)
}

/// The line without `:` is the last one with text before the place where the parser gave up.
fn no_colon(source: &str, read: usize, at: usize) -> Cause {
    let mut end = if source[at.min(source.len())..].trim().is_empty() { source.len() } else { line_start(source, at) };
    while end > read {
        let line = line_text(source, end.saturating_sub(1));
        if !line.is_empty() && !source[line.clone()].starts_with('#') {
            return without_colon(source, line);
        }
        end = line_start(source, end.saturating_sub(1));
    }
    without_colon(source, line_text(source, at))
}

fn without_colon(source: &str, line: std::ops::Range<usize>) -> Cause {
    let text = &source[line.clone()];
    if text.starts_with("---") {
        return Cause::new(line, "text follows `---`", "put it on the next line");
    }
    if let Some(index) = text.find(':').filter(|&index| index > 0 && !text[index..].starts_with("://")) {
        let colon = line.start + index;
        return Cause::new(colon..colon + 1, "a blank is missing behind this `:`", "write `key: value`");
    }
    Cause::new(
        line,
        "this line has no `:`",
        "a mapping holds `key: value` lines; text of several lines needs `|` or quotes",
    )
}

fn document_start(source: &str, at: usize) -> Cause {
    let text = source.trim_start();
    if text.starts_with('%') {
        return directive(line_text(source, source.len() - text.len()));
    }
    let place = if source[at..].trim().is_empty() { character(source, at) } else { line_text(source, at) };
    let line = &source[place.clone()];
    if line.starts_with(['}', ']']) {
        let end = place.start + 1;
        return Cause::new(place.start..end, format!("`{}` closes nothing", &line[..1]), "remove it");
    }
    let help = "indent all keys of the document alike, or start a new document with `---`";
    Cause::new(place, "this line does not belong to what stands above", help)
}

fn directive(line: std::ops::Range<usize>) -> Cause {
    Cause::new(line, "kustomize and Flux take no `%` directives", "remove this line")
}
