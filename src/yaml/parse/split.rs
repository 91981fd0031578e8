//! Where the documents of a file start.

use std::ops::Range;

const BYTE_ORDER_MARK: char = '\u{feff}';

/// The parts of a file between its `---` lines; each but the first starts with such a line. No scalar can hold one: text at
/// the start of a line that begins with `---` ends every document (YAML 1.2, section 9.1.2).
pub(super) fn documents(text: &str) -> impl Iterator<Item = Range<usize>> {
    let start = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 };
    let is_marker = |at: &usize| text[at + 3..].chars().next().is_none_or(|c| matches!(c, ' ' | '\t' | '\r' | '\n'));
    let markers = text.match_indices("\n---").map(|(index, _)| index + 1).filter(is_marker);
    let ends = markers.chain(std::iter::once(text.len()));
    ends.scan(start, |start, end| Some(std::mem::replace(start, end)..end))
}
