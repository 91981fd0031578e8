//! Go's regular expressions in the words of the `regex` crate: the same family, but Go takes some brackets literally, and its
//! classes hold ASCII only.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use regex::{Error, Regex, RegexBuilder};

/// How many compiled expressions are kept, and how large one of them may be, in bytes.
const MAX_KEPT: usize = 256;
const MAX_KEPT_SIZE: usize = 1 << 18;

/// Fleets lay the same few patches over hundreds of folders: compiling their targets again and again would take longer than
/// all the rest of a build.
static KEPT: LazyLock<Mutex<HashMap<String, Regex>>> = LazyLock::new(Mutex::default);

/// Compiles an expression, at most `limit` bytes large; most are compiled once.
pub(super) fn compiled(pattern: &str, limit: usize) -> Result<Regex, Error> {
    let kept = || KEPT.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    if let Some(known) = kept().get(pattern) {
        return Ok(known.clone());
    }
    let compile = |limit| RegexBuilder::new(pattern).size_limit(limit).build();
    let small = compile(MAX_KEPT_SIZE.min(limit));
    if let Err(Error::CompiledTooBig(_)) = small {
        return compile(limit);
    }
    let regex = small?;
    let mut kept = kept();
    if kept.len() < MAX_KEPT {
        kept.insert(pattern.to_owned(), regex.clone());
    }
    Ok(regex)
}

/// The expression with what only Go takes literally escaped: a `{` that starts no repetition (`${name}`), a `[` in a class.
pub(super) fn translated(go: &str) -> String {
    let mut out = String::with_capacity(go.len() + 8);
    let mut rest = go;
    let mut in_class = false;
    while let Some(c) = rest.chars().next() {
        let behind = rest.get(c.len_utf8()..).unwrap_or_default();
        match c {
            '\\' => {
                let escaped = behind.chars().next();
                let len = 1 + escaped.map_or(0, char::len_utf8);
                out.push_str(escaped.and_then(ascii_class).unwrap_or(rest.get(..len).unwrap_or(rest)));
                rest = rest.get(len..).unwrap_or_default();
                continue;
            }
            '[' if in_class && !behind.starts_with(':') => out.push_str("\\["),
            '&' | '~' | '-' if in_class && behind.starts_with(c) => {
                out.push('\\');
                out.push(c);
            }
            '{' if !in_class && !is_repetition(behind) => out.push_str("\\{"),
            _ => out.push(c),
        }
        if c == '[' && !in_class {
            in_class = true;
            // A `]` right after the opening bracket, or after `[^`, is literal.
            let negated = usize::from(behind.starts_with('^'));
            let literal = usize::from(behind.get(negated..).is_some_and(|class| class.starts_with(']')));
            out.push_str(behind.get(..negated).unwrap_or_default());
            out.push_str(if literal == 1 { "\\]" } else { "" });
            rest = behind.get(negated + literal..).unwrap_or_default();
            continue;
        }
        if c == ']' {
            in_class = false;
        }
        rest = behind;
    }
    out
}

/// What Go means by a class: nothing beyond ASCII.
fn ascii_class(escaped: char) -> Option<&'static str> {
    Some(match escaped {
        'd' => "[0-9]",
        'D' => "[^0-9]",
        's' => "[\\t\\n\\f\\r ]",
        'S' => "[^\\t\\n\\f\\r ]",
        'w' => "[0-9A-Za-z_]",
        'W' => "[^0-9A-Za-z_]",
        'b' => "(?-u:\\b)",
        _ => return None,
    })
}

/// `3}`, `3,}` or `3,5}`
fn is_repetition(text: &str) -> bool {
    let Some((inner, _)) = text.split_once('}') else { return false };
    let (least, most) = inner.split_once(',').unwrap_or((inner, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    !least.is_empty() && digits(least) && digits(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_without_a_repetition_are_literal() {
        assert_eq!(translated("${cluster}-a{2,}"), "$\\{cluster}-a{2,}");
    }

    #[test]
    fn classes_hold_ascii_only() {
        for (go, text, fits) in [
            (r"^\w+$", "aé", false),
            (r"^[\w-]{1,40}$", "a-b", true),
            (r"^[^\W]+$", "a_1", true),
            (r"\bé", "é", false),
            (r"^\d$", "٣", false),
        ] {
            assert_eq!(compiled(&translated(go), 1 << 16).unwrap().is_match(text), fits, "{go}");
        }
    }

    #[test]
    fn brackets_in_classes_are_literal() {
        assert_eq!(translated("[[]x[^]a][[:alpha:]]{"), "[\\[]x[^\\]a][[:alpha:]]\\{");
    }
}
