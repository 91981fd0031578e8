//! Directives: `%YAML` and `%TAG`.

use super::property::letters;
use super::{Failure, Kind, Mistake, Result, Scanner, Token};

impl Scanner<'_> {
    pub(super) fn directive(&mut self) -> Result<()> {
        let start = self.cursor.at();
        self.cursor.skip_byte();
        let name = letters(&mut self.cursor);
        let token = match name {
            "YAML" if self.cursor.is_space(0) => self.version(start)?,
            "TAG" if self.cursor.is_space(0) => self.tag_directive(start)?,
            _ => return Err(self.bad_directive(start)),
        };
        self.cursor.skip_blanks();
        if self.cursor.byte(0) == b'#' {
            self.comment();
        }
        if !self.cursor.is_line_end() {
            return Err(self.bad_directive(start));
        }
        self.cursor.take_break();
        self.queue.push_back(token);
        Ok(())
    }

    fn version(&mut self, start: usize) -> Result<Token> {
        self.cursor.skip_blanks();
        let major = self.number(start)?;
        if self.cursor.byte(0) != b'.' {
            return Err(self.bad_directive(start));
        }
        self.cursor.skip_byte();
        let minor = self.number(start)?;
        Ok(Token::new(Kind::Version(major, minor), start, self.cursor.at()))
    }

    /// One or two digits.
    fn number(&mut self, start: usize) -> Result<u8> {
        let digits = self.cursor.at();
        while self.cursor.byte(0).is_ascii_digit() {
            self.cursor.skip_byte();
        }
        let text = self.cursor.text_from(digits);
        text.parse().ok().filter(|_| text.len() <= 2).ok_or(self.bad_directive(start))
    }

    fn tag_directive(&mut self, start: usize) -> Result<Token> {
        self.cursor.skip_blanks();
        if self.cursor.byte(0) != b'!' {
            return Err(self.bad_directive(start));
        }
        let handle = self.handle();
        let is_handle = handle == "!" || handle.ends_with('!');
        if !is_handle || !self.cursor.is_blank() {
            return Err(self.bad_directive(start));
        }
        self.cursor.skip_blanks();
        let prefix = self.uri(start)?;
        if prefix.is_empty() || !self.cursor.is_space(0) {
            return Err(self.bad_directive(start));
        }
        let token = Token::with_text(Kind::TagDirective, start, self.cursor.at(), handle);
        Ok(Token { suffix: prefix.into(), ..token })
    }

    fn bad_directive(&self, start: usize) -> Failure {
        Failure::new(Mistake::Directive, start, self.cursor.at())
    }
}
