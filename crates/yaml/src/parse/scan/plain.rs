//! Plain scalars.

use super::breaks::Breaks;
use super::{Failure, Kind, Mistake, Result, Scanner, Token, is_blank};
use crate::Style;

impl Scanner<'_> {
    pub(super) fn plain(&mut self) -> Result<()> {
        let start = self.cursor.at();
        // What is read since the last fold starts at `run`; the scalar ends at `end`.
        let (mut run, mut end) = (start, start);
        let (mut text, mut breaks) = (String::new(), Breaks::default());
        while !self.cursor.is_document_marker() && self.cursor.byte(0) != b'#' {
            let word = self.cursor.at();
            self.word();
            if self.cursor.at() > word {
                if !breaks.is_empty() {
                    text.push_str(self.cursor.text(run, end));
                    breaks.fold_into(&mut text);
                    run = word;
                }
                end = self.cursor.at();
            }
            if !self.cursor.is_blank() && !self.cursor.is_break(0) {
                break;
            }
            self.blanks_in_plain(start, &mut breaks)?;
            if self.flow == 0 && self.column() <= self.indent {
                break;
            }
        }
        if !breaks.is_empty() {
            self.keys.allowed = true;
        }
        let last = self.cursor.text(run, end);
        let kind = Kind::Scalar(Style::Plain);
        let token = if text.is_empty() {
            Token::with_text(kind, start, end, last)
        } else {
            text.push_str(last);
            Token::with_text(kind, start, end, text)
        };
        self.queue.push_back(token);
        Ok(())
    }

    /// Walks over characters up to a blank, a break or what ends the scalar.
    fn word(&mut self) {
        loop {
            match self.cursor.byte(0) {
                b':' if self.cursor.is_space(1) => return,
                b',' | b'?' | b'[' | b']' | b'{' | b'}' if self.flow > 0 => return,
                byte if is_blank(byte) => return,
                0 | b'\n' | b'\r' => return,
                0x80.. if self.cursor.is_break(0) => return,
                0x80.. => self.cursor.skip(),
                _ => self.cursor.skip_byte(),
            }
        }
    }

    /// Walks over blanks and breaks. A tab may not indent a line.
    fn blanks_in_plain(&mut self, start: usize, breaks: &mut Breaks) -> Result<()> {
        loop {
            if let Some(c) = self.cursor.take_break() {
                breaks.push(c);
                continue;
            }
            match self.cursor.byte(0) {
                b'\t' if !breaks.is_empty() && self.column() <= self.indent => {
                    return Err(Failure::new(Mistake::Tab, start, self.cursor.at()));
                }
                byte if is_blank(byte) => self.cursor.skip(),
                _ => return Ok(()),
            }
        }
    }
}
