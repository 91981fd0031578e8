//! Mistakes of whole lines: indentation, a second `: `, a missing `:`.

use std::ops::Range;

use super::super::scan::{Failure, Mistake};
use super::{Cause, Understood, character, line_end, line_start, line_text};

pub(super) fn cause(source: &str, understood: Understood, failure: Failure) -> Cause {
    let at = failure.at.min(source.len());
    let whole = line_text(source, at);
    let first = line_text(source, source.len() - source.trim_start().len());
    if let Some(comment) = [first, whole.clone()].into_iter().find(|line| source[line.clone()].starts_with("//")) {
        return Cause::new(
            comment,
            "`//` does not start a comment",
            "write `#`, or remove the comment from a JSON file",
        );
    }
    match failure.mistake {
        Mistake::ValueNotAllowed => second_value(source, at),
        Mistake::NoColon => without_colon(source, line_text(source, failure.from)),
        Mistake::EntryNotAllowed => {
            let help = "put the list on the lines below its key, or quote the value if it is a string";
            Cause::new(character(source, at), "a list cannot start on the line of its key", help)
        }
        Mistake::DocumentStart => document_start(source, understood, at),
        _ if understood.short_line == Some(at) => {
            let help = "indent it as far as the lines around it";
            Cause::new(whole, "this line is indented less than the blank lines before it", help)
        }
        Mistake::ExpectedKey if source[whole.clone()].starts_with("- ") => {
            let help = "align it with the other items, or with the key that holds the list";
            Cause::new(whole, "a key is expected here, not a list item", help)
        }
        Mistake::ExpectedEntry => {
            let help = "start it with `- `, or indent it as far as the fields of the item above";
            Cause::new(whole, "a list item is expected here", help)
        }
        Mistake::ExpectedKey => {
            let message = "the indentation of this line matches none of the lines above";
            Cause::new(whole, message, "align it with its siblings")
        }
        _ => {
            let help = "check the indentation, the quotes and the brackets before this place";
            Cause::new(character(source, at), "this is not YAML: no value can start here", help)
        }
    }
}

/// The marks that Git leaves at the start of lines.
pub(super) fn conflict(source: &str, at: usize) -> Option<Cause> {
    let mut start = 0;
    for line in source[..line_end(source, at)].split('\n') {
        if line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ") {
            let place = start..start + line.trim_end().len();
            return Some(Cause::new(
                place,
                "a merge conflict is not resolved here",
                "resolve it and remove the markers",
            ));
        }
        start += line.len() + 1;
    }
    None
}

/// A `: ` after a value: on its line, or on an own line that is indented deeper than the value allows.
fn second_value(source: &str, at: usize) -> Cause {
    let start = line_start(source, at);
    let before = &source[start..at];
    if before.contains(": ") || before.contains(":\t") {
        let help = "quote the value, or put the second key on a line of its own";
        return Cause::new(at..at + 1, "a value that is not quoted cannot hold `: `", help);
    }
    let help = "align it with the lines it belongs to";
    Cause::new(line_text(source, at), "the indentation of this line makes it part of the string above", help)
}

fn without_colon(source: &str, line: Range<usize>) -> Cause {
    let text = &source[line.clone()];
    if let Some(index) = text.find(':').filter(|&index| index > 0 && !text[index..].starts_with("://")) {
        let colon = line.start + index;
        return Cause::new(colon..colon + 1, "missing space after this `:`", "write `key: value`");
    }
    Cause::new(
        line,
        "this line has no `:`",
        "a mapping has `key: value` lines; a multi-line string needs `|` or quotes",
    )
}

fn document_start(source: &str, understood: Understood, at: usize) -> Cause {
    let text = source.trim_start();
    if text.starts_with('%') {
        let line = line_text(source, source.len() - text.len());
        return Cause::new(line, "kustomize and Flux do not accept `%` directives", "remove this line");
    }
    let place =
        if source[at..].trim().is_empty() { character(source, at) } else { at..line_text(source, at).end.max(at) };
    if source[..understood.end.min(at)].ends_with("...") {
        let help = "put it on the next line, after `---`: kustomize and Flux do not read it here";
        return Cause::new(place, "text follows `...`", help);
    }
    let help =
        "indent all keys of the document alike, or start a new document with `---`: kustomize and Flux do not read it";
    Cause::new(place, "this line does not belong to the document above", help)
}
