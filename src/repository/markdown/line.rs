//! What a line of Markdown is, without what its containers have before it.

use std::ops::Range;

/// Columns to the next stop of a tab.
const TAB: usize = 4;

/// The beginning of a block of code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fence {
    mark: u8,
    length: usize,
    /// As many columns are cut off every line.
    pub indent: usize,
    /// The first word after it.
    pub language: String,
}

/// How many columns a line is indented.
pub(super) fn indent(line: &str) -> usize {
    let mut columns = 0;
    for byte in line.bytes() {
        match byte {
            b' ' => columns += 1,
            b'\t' => columns += TAB - columns % TAB,
            _ => break,
        }
    }
    columns
}

/// A range of a line without its first columns, as far as they are blank.
pub(super) fn without_indent(text: &str, line: Range<usize>, columns: usize) -> Range<usize> {
    let (mut cut, mut seen) = (0, 0);
    for byte in text.get(line.clone()).unwrap_or_default().bytes() {
        let width = match byte {
            _ if seen >= columns => break,
            b' ' => 1,
            b'\t' => TAB - seen % TAB,
            _ => break,
        };
        (seen, cut) = (seen + width, cut + 1);
    }
    line.start + cut..line.end
}

/// A line that opens a block of code.
pub(super) fn fence(line: &str) -> Option<Fence> {
    let indent = indent(line);
    let content = line.trim_start_matches([' ', '\t']);
    let mark = content.bytes().next().filter(|byte| indent < 4 && matches!(byte, b'`' | b'~'))?;
    let length = content.bytes().take_while(|byte| *byte == mark).count();
    let info = content.get(length..).filter(|_| length >= 3)?;
    if mark == b'`' && info.contains('`') {
        return None;
    }
    let language = info.trim().trim_start_matches('{').split([' ', '\t', ',', '{', '}']).next().unwrap_or_default();
    let language = language.trim_start_matches('.').to_ascii_lowercase();
    Some(Fence { mark, length, indent, language })
}

/// Whether a line closes a block of code.
pub(super) fn closes(line: &str, fence: &Fence) -> bool {
    let content = line.trim();
    indent(line) < 4 && content.len() >= fence.length && content.bytes().all(|byte| byte == fence.mark)
}

/// The level of a heading that begins with `#`.
pub(super) fn heading_level(line: &str) -> Option<usize> {
    let level = line.bytes().take(7).take_while(|byte| *byte == b'#').count();
    let after = line.as_bytes().get(level);
    ((1..=6).contains(&level) && after.is_none_or(|byte| matches!(byte, b' ' | b'\t'))).then_some(level)
}

/// A line below a heading.
pub(super) fn is_underline(line: &str) -> bool {
    !line.is_empty() && (line.bytes().all(|byte| byte == b'=') || line.bytes().all(|byte| byte == b'-'))
}

/// A line across the page.
pub(super) fn is_rule(line: &str) -> bool {
    let mark = line.bytes().next().filter(|byte| matches!(byte, b'-' | b'_' | b'*'));
    let is_part = |mark: u8| line.bytes().all(|byte| byte == mark || matches!(byte, b' ' | b'\t'));
    mark.is_some_and(|mark| is_part(mark) && line.bytes().filter(|byte| *byte == mark).count() >= 3)
}
