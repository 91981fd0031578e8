//! Mistakes inside a line: characters that need quotes, escapes, brackets, anchors.

use super::super::scan::{Failure, Mistake};
use super::{Cause, character, line_end, line_start, line_text, unknown_anchor};

/// Mistakes that say all by themselves.
pub(super) fn cause(source: &str, failure: Failure) -> Option<Cause> {
    let (from, at) = (failure.from, failure.at.min(source.len()));
    let first = character(source, from);
    let c = source[first.clone()].chars().next().unwrap_or('\n');
    let text = "quote the value if it is a string";
    Some(match failure.mistake {
        Mistake::Tab => tab(at),
        Mistake::CannotStart if source[at..].starts_with('\t') => tab(at),
        Mistake::AnchorName => name(source, from, c),
        Mistake::Tag => Cause::new(first, "`!` starts a tag, but none follows", text),
        Mistake::OpenTag => Cause::new(first, "`!<` starts a tag, but no `>` ends it", text),
        Mistake::UnknownHandle => Cause::new(first, "this tag has a handle that no `%TAG` line defines", text),
        Mistake::OpenQuote => {
            let help = format!("close it with `{c}` where the text ends");
            Cause::new(first, "this quote is never closed", help)
        }
        Mistake::Escape => escape(source, at),
        Mistake::BlockHeader => {
            let help = "start it on the next line, indented";
            Cause::new(from..line_end(source, from), "text cannot follow `|` or `>` on the same line", help)
        }
        Mistake::ZeroIndentation => Cause::new(first, "`0` is not a valid indentation", "use 1 to 9, or none"),
        Mistake::Directive => {
            Cause::new(line_text(source, from), "kustomize and Flux do not accept `%` directives", "remove this line")
        }
        _ => return None,
    })
}

/// A character that stands where it cannot.
pub(super) fn misplaced(source: &str, failure: Failure) -> Option<Cause> {
    let here = character(source, failure.at);
    let c = source[here.clone()].chars().next()?;
    let new = |message: String, help: &str| Some(Cause::new(here.clone(), message, help));
    match (failure.mistake, c) {
        (Mistake::CannotStart, _) => new(format!("a value cannot start with `{c}`"), "quote the value"),
        (Mistake::KeyNotAllowed, _) => new("a value cannot start with `? `".to_owned(), "quote the value"),
        (Mistake::ExpectedBracket, _) => {
            new("`,` or a closing bracket is missing before this".to_owned(), "add it, or quote the string")
        }
        (Mistake::NodeContent, ',') => new("a value is missing before this `,`".to_owned(), "remove one `,`"),
        (Mistake::NodeContent | Mistake::ExpectedKey | Mistake::ExpectedEntry | Mistake::DocumentStart, '}' | ']') => {
            new(format!("unmatched `{c}`"), "remove it, or quote the value if it is a string")
        }
        (Mistake::NodeContent, '-') => {
            new("a list in brackets has no dashes".to_owned(), "remove it, or quote the value if it is a string")
        }
        _ => None,
    }
}

/// A tab where go-yaml takes none.
fn tab(at: usize) -> Cause {
    Cause::new(at..at + 1, "a tab indents this line", "indent with spaces")
}

fn name(source: &str, from: usize, c: char) -> Cause {
    let ends = |c: char| c.is_whitespace() || matches!(c, ',' | '[' | ']' | '{' | '}' | '\u{feff}');
    let end = source[from..].find(ends).map_or(source.len(), |length| from + length);
    if c == '*' && end > from + 1 {
        return unknown_anchor(source, from..end);
    }
    let what = if c == '*' { "an alias" } else { "an anchor" };
    Cause::new(
        character(source, from),
        format!("`{c}` starts {what}, but none follows"),
        "quote the value if it is a string",
    )
}

fn escape(source: &str, at: usize) -> Cause {
    let is_code = source[at..].starts_with("\\u") || source[at..].starts_with("\\U");
    let length = if is_code { 6 } else { 2 };
    let end = source[at..].char_indices().nth(length).map_or(source.len(), |(index, _)| at + index);
    let end = end.min(line_end(source, at)).max(line_start(source, at));
    let shown = &source[at..end];
    if shown == "\\/" {
        return Cause::new(at..end, "`\\/` is not an escape that kustomize and Flux accept", "write `/`");
    }
    let help = if is_code {
        "write the character itself: YAML has no surrogate pairs"
    } else {
        "write `\\\\` for a backslash, or use single quotes"
    };
    Cause::new(at..end, format!("`{shown}` is not a YAML escape"), help)
}
