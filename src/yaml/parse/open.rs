//! Which quote or bracket stands open at a place: what the text of a broken document says about the cause.

use super::extent::{double_quoted, single_quoted};

/// What was opened before a place.
#[derive(Default)]
pub(super) struct Opened {
    /// The last quoted text that starts before the place, with its end.
    pub(super) quoted: Option<(usize, usize)>,
    /// The brackets that are not closed there.
    pub(super) brackets: Vec<usize>,
}

/// Reads structure from `from` to `to`. Quotes count where a value can start, brackets there and inside brackets.
pub(super) fn opened(source: &str, from: usize, to: usize) -> Opened {
    let bytes = source.as_bytes();
    let mut opened = Opened::default();
    let mut at = from;
    let mut can_start = true;
    while let Some(&byte) = bytes.get(at).filter(|_| at < to) {
        match byte {
            b'\'' | b'"' if can_start => {
                let end = if byte == b'"' { double_quoted(source, at) } else { single_quoted(source, at) };
                opened.quoted = Some((at, end.min(bytes.len())));
                at = end;
                can_start = false;
                continue;
            }
            b'#' if at == 0 || bytes.get(at - 1).is_some_and(u8::is_ascii_whitespace) => {
                at = super::cursor::line_end(source, at);
                continue;
            }
            b'[' | b'{' if can_start => opened.brackets.push(at),
            b']' | b'}' => drop(opened.brackets.pop()),
            _ => {}
        }
        can_start = match byte {
            b' ' | b'\t' => can_start,
            b'\n' | b'\r' | b'[' | b'{' | b',' => true,
            b':' | b'-' | b'?' => {
                bytes.get(at + 1).is_none_or(|&next| next.is_ascii_whitespace()) || !opened.brackets.is_empty()
            }
            _ => false,
        };
        at += 1;
    }
    opened
}
