//! What is between tokens: blanks, line breaks and comments.

use super::{Dialect, Scanner, is_blank};

/// go-yaml looks so many bytes ahead for the next comment.
pub(super) const AHEAD: usize = 512;

impl Scanner<'_> {
    /// Walks to the next token. Tabs are blanks in brackets, and where no key can start.
    pub(super) fn walk_to_token(&mut self) {
        let from = self.cursor.mark();
        loop {
            while self.cursor.byte(0) == b' ' || (self.cursor.byte(0) == b'\t' && self.takes_tabs()) {
                self.cursor.skip();
            }
            self.lift_line_comment();
            if self.cursor.byte(0) == b'#' {
                self.note_comments(from);
                self.comments();
            }
            if self.cursor.take_break().is_none() {
                return;
            }
            if self.flow == 0 {
                self.keys.allowed = true;
            }
        }
    }

    fn takes_tabs(&self) -> bool {
        self.flow > 0 || !self.keys.allowed
    }

    /// A comment and those that follow it; v3 takes tabs before these.
    fn comments(&mut self) {
        self.comment();
        while self.dialect == Dialect::V3
            && let Some(length) = self.comment_ahead()
        {
            let end = self.cursor.at() + length;
            while self.cursor.at() < end {
                if self.cursor.take_break().is_none() {
                    self.cursor.skip();
                }
            }
            self.comment();
        }
    }

    /// How many bytes of blanks and breaks are before the next comment. The first byte is the line break.
    fn comment_ahead(&self) -> Option<usize> {
        let is_empty = |byte: u8| is_blank(byte) || matches!(byte, b'\n' | b'\r');
        let length = (1..AHEAD).find(|&ahead| !is_empty(self.cursor.byte(ahead)))?;
        (self.cursor.byte(length) == b'#').then_some(length)
    }

    /// A comment after a token on its line; it belongs to the token that starts at an offset.
    pub(super) fn line_comment(&mut self, token: usize) {
        let length = (0..AHEAD).find(|&ahead| !is_blank(self.cursor.byte(ahead)));
        let is_comment = length.is_some_and(|length| self.cursor.byte(length) == b'#');
        if self.cursor.breaks == 0 && is_comment {
            self.cursor.skip_blanks();
            self.note_line_comment(token);
            self.comment();
        }
    }

    pub(super) fn comment(&mut self) {
        let start = self.cursor.at();
        self.cursor.skip_line();
        self.comments.push((start, self.cursor.at()));
    }
}
