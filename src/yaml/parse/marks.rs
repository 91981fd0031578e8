//! From yaml-rust2's marks, which count lines and characters, to bytes.

use yaml_rust2::scanner::Marker;

/// Follows the marks of one parse. A mark's index is of no use: behind a block scalar it counts bytes for characters. Marks
/// nearly always grow, so that each character of a long line is counted once or twice.
pub(super) struct Marks<'a> {
    text: &'a str,
    is_ascii: bool,
    line_starts: Vec<usize>,
    /// Lines that the parser saw before the text.
    lead_lines: usize,
    /// The last mark: its line from 0, its column and its byte.
    line: usize,
    column: usize,
    byte: usize,
}

impl<'a> Marks<'a> {
    pub(super) fn new(text: &'a str, lead_lines: usize) -> Self {
        let line_starts = line_starts(text);
        Self { text, is_ascii: text.is_ascii(), line_starts, lead_lines, line: 0, column: 0, byte: 0 }
    }

    /// The byte offset of a mark; the end of the text for those beyond.
    pub(super) fn byte(&mut self, mark: &Marker) -> usize {
        let line = mark.line().saturating_sub(1 + self.lead_lines);
        let Some(&line_start) = self.line_starts.get(line) else { return self.text.len() };
        if self.is_ascii {
            return (line_start + mark.col()).min(self.text.len());
        }
        if line != self.line {
            (self.line, self.column, self.byte) = (line, 0, line_start);
        }
        self.walk(mark.col());
        self.byte
    }

    fn walk(&mut self, column: usize) {
        let (before, after) = self.text.split_at(self.byte);
        if let Some(steps) = self.column.checked_sub(column).filter(|&steps| steps > 0) {
            self.byte = before.char_indices().nth_back(steps - 1).map_or(0, |(offset, _)| offset);
            self.column = column;
            return;
        }
        let mut rest = after.char_indices();
        self.column += rest.by_ref().take(column - self.column).count();
        self.byte += rest.offset();
    }
}

/// Lines end as for yaml-rust2: at a line feed, a carriage return, or both.
fn line_starts(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let is_end = |&index: &usize| match bytes[index] {
        b'\n' => true,
        b'\r' => bytes.get(index + 1) != Some(&b'\n'),
        _ => false,
    };
    std::iter::once(0).chain((0..bytes.len()).filter(is_end).map(|index| index + 1)).collect()
}
