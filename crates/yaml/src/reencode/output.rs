//! What is written so far, and the blanks and line breaks between its pieces, as go-yaml's emitter puts them.

use super::mark::is_break;

/// The text, and what decides about the blank or break before its next piece.
pub(super) struct Output {
    pub(super) text: String,
    pub(super) column: usize,
    /// The columns of indentation; none outside of everything.
    pub(super) indent: Option<usize>,
    /// The indentation of a comment that ends something: an empty line follows what continues in this column.
    pub(super) foot_indent: Option<usize>,
    /// Whether the last piece needs no blank after it.
    pub(super) has_blank: bool,
    /// Whether the line holds nothing but indentation and indicators of blocks.
    pub(super) is_indentation: bool,
}

impl Output {
    pub(super) fn new() -> Self {
        Self { text: String::new(), column: 0, indent: None, foot_indent: None, has_blank: true, is_indentation: true }
    }

    pub(super) fn put(&mut self, c: char) {
        self.text.push(c);
        self.column += 1;
    }

    /// Text without line breaks.
    pub(super) fn put_all(&mut self, text: &str) {
        self.text.push_str(text);
        self.column += text.chars().count();
    }

    pub(super) fn line_break(&mut self, c: char) {
        self.text.push(c);
        self.column = 0;
        self.is_indentation = true;
    }

    /// A blank before the next piece, if it needs one.
    pub(super) fn blank(&mut self) {
        if !self.has_blank {
            self.put(' ');
        }
    }

    /// Goes to the column of the indentation, on a new line unless this one is.
    pub(super) fn indent(&mut self) {
        let indent = self.indent.unwrap_or(0);
        if !self.is_indentation || self.column > indent || (self.column == indent && !self.has_blank) {
            self.line_break('\n');
        }
        if self.foot_indent == Some(indent) {
            self.line_break('\n');
        }
        while self.column < indent {
            self.put(' ');
        }
        self.has_blank = true;
        self.foot_indent = None;
    }

    /// An opening bracket, or another piece that needs no blank after it.
    pub(super) fn opening(&mut self, text: &str) {
        self.blank();
        self.put_all(text);
        (self.has_blank, self.is_indentation) = (true, false);
    }

    /// A piece that comes after a blank.
    pub(super) fn word(&mut self, text: &str) {
        self.blank();
        self.piece(text);
    }

    /// A piece right after the last one.
    pub(super) fn piece(&mut self, text: &str) {
        self.put_all(text);
        (self.has_blank, self.is_indentation) = (false, false);
    }

    /// `-`, `?` or the `:` on a line of its own: what follows may be on this line.
    pub(super) fn block_indicator(&mut self, text: &str) {
        self.blank();
        self.put_all(text);
        self.has_blank = false;
    }

    /// Lines of comment, and the break after them.
    pub(super) fn comment(&mut self, comment: &str) {
        let (mut is_new_line, mut has_mark) = (false, false);
        for c in comment.chars() {
            if is_break(c) {
                self.line_break(c);
                (is_new_line, has_mark) = (true, false);
                continue;
            }
            if is_new_line {
                self.indent();
            }
            if !has_mark && c != '#' {
                self.put_all("# ");
            }
            self.put(c);
            (has_mark, is_new_line, self.is_indentation) = (true, false, false);
        }
        if !is_new_line {
            self.line_break('\n');
        }
        self.has_blank = true;
    }
}
