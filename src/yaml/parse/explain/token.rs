//! Mistakes inside a line: characters that need quotes, escapes, brackets, anchors.

use super::super::cursor::line_end;
use super::super::extent::alias_end;
use super::{Cause, character, line_start, line_text};

pub(super) fn cause(source: &str, at: usize, info: &str) -> Option<Cause> {
    let here = character(source, at);
    let c = source[here.clone()].chars().next().unwrap_or('\n');
    let new = |message: &str, help: &str| Some(Cause::new(here.clone(), message, help));
    match info {
        _ if info.contains("unknown anchor") => {
            let name = &source[at..alias_end(source, at)];
            // A password that starts with `*` looks like an alias.
            let shown = if source.contains("Secret") { "this alias".to_owned() } else { format!("`{name}`") };
            let message = format!("{shown} has no anchor before it in this document");
            let help = "quote the value if it is text; else set the anchor above";
            Some(Cause::new(at..at + name.len(), message, help))
        }
        _ if info.contains("unexpected character") => {
            Some(Cause::new(here, format!("a value cannot start with `{c}`"), "quote the value"))
        }
        _ if info.contains("scanning an anchor or alias") || info.contains("a tag") || info.contains("handle") => {
            let what = if c == '&' {
                "an anchor"
            } else if c == '*' {
                "an alias"
            } else {
                "a tag"
            };
            Some(Cause::new(here, format!("`{c}` starts {what}, and none follows"), "quote the value if it is text"))
        }
        "invalid trailing content after double-quoted scalar" => {
            let end = line_text(source, at).end.max(here.end);
            let help =
                "quote the value as a whole; inside single quotes write `''` for a quote, inside double quotes `\\\"`";
            Some(Cause::new(at..end, "text follows the closing quote", help))
        }
        _ if info.contains("escape") || info.contains("hexadecimal") => Some(escape(source, at)),
        _ if matches!(c, '}' | ']') => {
            Some(Cause::new(here, format!("`{c}` closes nothing"), "remove it, or quote the value if it is text"))
        }
        _ if c == ',' && info.contains("node content") => new("a value is missing before this `,`", "remove one `,`"),
        _ if info.contains("flow") => {
            new("`,` or a closing bracket is missing before this", "add it, or quote the text")
        }
        "comments must be separated from other tokens by whitespace" => {
            new("a comment needs a blank before its `#`", "add the blank, or quote the value if `#` belongs to it")
        }
        _ if info.contains("block scalar, did not find") => {
            let end = line_end(source, at);
            new_range(at, end, "text cannot stand on the line of `|` or `>`", "start it on the next line, indented")
        }
        _ if info.contains("indentation indicator equal to 0") => new("`0` is no indentation", "use 1 to 9, or none"),
        "recursion limit exceeded" => new("brackets are nested too deep here", "nest less deep"),
        _ if info.contains("document end marker") => new("text follows `...`", "put it on the next line, behind `---`"),
        _ => None,
    }
}

fn new_range(start: usize, end: usize, message: &str, help: &str) -> Option<Cause> {
    Some(Cause::new(start..end, message, help))
}

/// yaml-rust2 gives the opening quote: the escape is further on.
fn escape(source: &str, at: usize) -> Cause {
    let known = |rest: &str| {
        let mut chars = rest.chars().skip(1);
        let digits = match chars.next() {
            Some('x') => 2,
            Some('u') => 4,
            Some('U') => 8,
            Some(c) => return if "0abtnvfre \"\\N_LP\t\n\r".contains(c) { Some(2) } else { None },
            None => return None,
        };
        let code = rest.get(2..2 + digits).and_then(|code| u32::from_str_radix(code, 16).ok());
        code.and_then(char::from_u32).map(|_| 2 + digits)
    };
    let mut start = at;
    while let Some(index) = source[start..].find('\\') {
        start += index;
        match known(&source[start..]) {
            Some(length) => start += length,
            None => break,
        }
    }
    let is_code = source[start..].starts_with("\\u") || source[start..].starts_with("\\U");
    let length = if is_code { 6 } else { 2 };
    let end = source[start..].char_indices().nth(length).map_or(source.len(), |(index, _)| start + index);
    let end = end.min(line_end(source, start)).max(line_start(source, start));
    let message = format!("`{}` is no escape that YAML knows", &source[start..end]);
    let help = if is_code {
        "write the character itself: YAML has no surrogate pairs"
    } else {
        "write `\\\\` for a backslash, or use single quotes"
    };
    Cause::new(start..end, message, help)
}
