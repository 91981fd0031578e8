//! A place in a text that is read character by character; counts lines and columns as go-yaml does.

/// Where a character stands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mark {
    pub(super) byte: usize,
    /// Characters before it.
    pub(super) index: usize,
    pub(super) line: usize,
    /// Characters before it on its line.
    pub(super) column: usize,
}

/// Reads a text. Bytes after its end are 0, which no text holds: such characters are refused before.
pub(super) struct Cursor<'a> {
    source: &'a str,
    at: usize,
    /// Bytes before `at` that continue a character.
    continued: usize,
    line: usize,
    /// The character that starts the line.
    line_start: usize,
    /// Line breaks after the last character that is not a blank.
    pub(super) breaks: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        Self { source, at: 0, continued: 0, line: 0, line_start: 0, breaks: 0 }
    }

    /// The byte offset of the place.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn column(&self) -> usize {
        self.at - self.continued - self.line_start
    }

    pub(super) fn mark(&self) -> Mark {
        let index = self.at - self.continued;
        Mark { byte: self.at, index, line: self.line, column: index - self.line_start }
    }

    /// The text from an offset up to the place.
    pub(super) fn text_from(&self, start: usize) -> &'a str {
        self.text(start, self.at)
    }

    pub(super) fn text(&self, start: usize, end: usize) -> &'a str {
        self.source.get(start..end).unwrap_or_default()
    }

    /// The byte so many bytes ahead.
    pub(super) fn byte(&self, ahead: usize) -> u8 {
        self.source.as_bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    /// The byte at an offset.
    pub(super) fn byte_at(&self, at: usize) -> u8 {
        self.source.as_bytes().get(at).copied().unwrap_or(0)
    }

    pub(super) fn is_break_at(&self, at: usize) -> bool {
        break_length(self.source.as_bytes(), at) > 0
    }

    /// The text from an offset to the end of its line.
    pub(super) fn line_from(&self, start: usize) -> &'a str {
        let end = (start..self.source.len()).find(|&at| self.is_break_at(at)).unwrap_or(self.source.len());
        self.text(start, end)
    }

    pub(super) fn is_end(&self) -> bool {
        self.byte(0) == 0
    }

    pub(super) fn is_blank(&self) -> bool {
        is_blank(self.byte(0))
    }

    pub(super) fn is_break(&self, ahead: usize) -> bool {
        break_length(self.source.as_bytes(), self.at + ahead) > 0
    }

    /// A blank, a line break or the end.
    pub(super) fn is_space(&self, ahead: usize) -> bool {
        let byte = self.byte(ahead);
        byte == 0 || is_blank(byte) || self.is_break(ahead)
    }

    /// A line break or the end.
    pub(super) fn is_line_end(&self) -> bool {
        self.byte(0) == 0 || self.is_break(0)
    }

    /// `---` or `...` at the start of a line, with nothing else in its word.
    pub(super) fn is_document_marker(&self) -> bool {
        let mark = self.byte(0);
        matches!(mark, b'-' | b'.')
            && self.column() == 0
            && self.byte(1) == mark
            && self.byte(2) == mark
            && self.is_space(3)
    }

    /// Walks over a character.
    pub(super) fn skip(&mut self) {
        let byte = self.byte(0);
        if !is_blank(byte) {
            self.breaks = 0;
        }
        let width = width(byte);
        self.at = (self.at + width).min(self.source.len());
        self.continued += width - 1;
    }

    /// Walks over blanks.
    pub(super) fn skip_blanks(&mut self) {
        while self.is_blank() {
            self.at += 1;
        }
    }

    /// Walks over a byte of a character of one byte that is not a blank.
    pub(super) fn skip_byte(&mut self) {
        self.breaks = 0;
        self.at = (self.at + 1).min(self.source.len());
    }

    /// Walks to the end of the line.
    pub(super) fn skip_line(&mut self) {
        while !self.is_line_end() {
            self.skip();
        }
    }

    /// The end of the text ends its line.
    pub(super) fn end_line(&mut self) {
        if self.column() != 0 {
            self.line += 1;
            self.line_start = self.at - self.continued;
        }
    }

    /// Walks over a line break; gives the character it stands for. Only line and paragraph separators stay what they are.
    pub(super) fn take_break(&mut self) -> Option<char> {
        let bytes = self.source.as_bytes();
        let length = break_length(bytes, self.at);
        if length == 0 {
            return None;
        }
        let kept = match (bytes.get(self.at), bytes.get(self.at + 2)) {
            (Some(0xe2), Some(0xa8)) => '\u{2028}',
            (Some(0xe2), _) => '\u{2029}',
            _ => '\n',
        };
        self.continued += length - 1;
        self.at += length;
        self.line += 1;
        self.line_start = self.at - self.continued;
        self.breaks += 1;
        Some(kept)
    }
}

pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// The bytes of the line break at an offset, 0 without one: LF, CR, CR LF, NEL, LS, PS. Kustomize makes LF of every CR LF
/// before it parses, so that CR CR LF is one break, too.
fn break_length(bytes: &[u8], at: usize) -> usize {
    let byte = |ahead: usize| bytes.get(at + ahead).copied().unwrap_or(0);
    match byte(0) {
        b'\n' => 1,
        b'\r' if byte(1) == b'\n' => 2,
        b'\r' if byte(1) == b'\r' && byte(2) == b'\n' => 3,
        b'\r' => 1,
        0xc2 if byte(1) == 0x85 => 2,
        0xe2 if byte(1) == 0x80 && matches!(byte(2), 0xa8 | 0xa9) => 3,
        _ => 0,
    }
}

/// The bytes of a character that starts with a byte.
fn width(byte: u8) -> usize {
    match byte {
        0xf0.. => 4,
        0xe0.. => 3,
        0xc0.. => 2,
        _ => 1,
    }
}
