//! Where the documents of a file start.

use std::ops::Range;

const BYTE_ORDER_MARK: char = '\u{feff}';

/// The parts of a file between its `---` lines; each but the first starts with such a line. No scalar can hold one: text at
/// the start of a line that begins with `---` ends every document (YAML 1.2, section 9.1.2).
pub(super) fn documents(text: &str) -> impl Iterator<Item = Range<usize>> {
    let is_marker = |at: &usize| text[at + 3..].chars().next().is_none_or(|c| matches!(c, ' ' | '\t' | '\r' | '\n'));
    let markers = text.match_indices("\n---").map(|(index, _)| index + 1).filter(is_marker);
    let ends = markers.chain(std::iter::once(text.len()));
    ends.scan(0, |start, end| Some(std::mem::replace(start, end)..end)).map(|part| without_mark(text, part))
}

/// A part without the byte order mark at its start. Files that were put together may have one behind each marker, too.
fn without_mark(text: &str, part: Range<usize>) -> Range<usize> {
    let own = &text[part.clone()];
    let first =
        own.strip_prefix("---").and_then(|rest| rest.split_once('\n')).filter(|(line, _)| line.trim().is_empty());
    let behind = first.map(|(_, rest)| rest).filter(|rest| rest.starts_with(BYTE_ORDER_MARK)).unwrap_or(own);
    match behind.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) => part.end - rest.len()..part.end,
        None => part,
    }
}
