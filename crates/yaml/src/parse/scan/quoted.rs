//! Scalars in quotes. Their lines may be indented as they like.

use super::breaks::Breaks;
use super::{Failure, Kind, Mistake, Result, Scanner, Token};
use crate::Style;

/// A quoted text while it is read: what was read since the last fold or escape starts at `run`.
struct Text {
    start: usize,
    run: usize,
    done: String,
}

impl Scanner<'_> {
    pub(super) fn quoted(&mut self, quote: u8) -> Result<()> {
        let start = self.cursor.at();
        self.cursor.skip_byte();
        let mut text = Text { start, run: self.cursor.at(), done: String::new() };
        loop {
            if self.cursor.is_document_marker() || self.cursor.is_end() {
                return Err(Failure::new(Mistake::OpenQuote, start, self.cursor.at()));
            }
            let took_break = self.quoted_word(quote, &mut text)?;
            if self.cursor.byte(0) == quote {
                break;
            }
            self.blanks_in_quotes(took_break, &mut text);
        }
        let last = self.cursor.text_from(text.run);
        self.cursor.skip_byte();
        let style = if quote == b'\'' { Style::SingleQuoted } else { Style::DoubleQuoted };
        let token = if text.done.is_empty() {
            Token::with_text(Kind::Scalar(style), start, self.cursor.at(), last)
        } else {
            text.done.push_str(last);
            Token::with_text(Kind::Scalar(style), start, self.cursor.at(), text.done)
        };
        self.quoted.push((start, token.end));
        self.queue.push_back(token);
        Ok(())
    }

    /// Walks over characters up to the closing quote, a blank or a break; tells whether an escape took a break.
    fn quoted_word(&mut self, quote: u8, text: &mut Text) -> Result<bool> {
        let is_single = quote == b'\'';
        loop {
            match self.cursor.byte(0) {
                b'\'' if is_single && self.cursor.byte(1) == b'\'' => {
                    self.cursor.skip_byte();
                    text.done.push_str(self.cursor.text_from(text.run));
                    self.cursor.skip_byte();
                    text.run = self.cursor.at();
                }
                byte if byte == quote => return Ok(false),
                b'\\' if !is_single => {
                    text.done.push_str(self.cursor.text_from(text.run));
                    let took_break = self.escape(text.start, &mut text.done)?;
                    text.run = self.cursor.at();
                    if took_break {
                        return Ok(true);
                    }
                }
                0 | b' ' | b'\t' | b'\n' | b'\r' => return Ok(false),
                0x80.. if self.cursor.is_break(0) => return Ok(false),
                0x80.. => self.cursor.skip(),
                _ => self.cursor.skip_byte(),
            }
        }
    }

    fn blanks_in_quotes(&mut self, took_break: bool, text: &mut Text) {
        let (start, mut breaks) = (self.cursor.at(), Breaks::default());
        loop {
            if let Some(c) = self.cursor.take_break() {
                if took_break { breaks.push_rest(c) } else { breaks.push(c) }
            } else if self.cursor.is_blank() {
                self.cursor.skip();
            } else {
                break;
            }
        }
        if took_break || !breaks.is_empty() {
            text.done.push_str(self.cursor.text(text.run, start));
            breaks.fold_into(&mut text.done);
            text.run = self.cursor.at();
        }
    }
}
