//! Escapes in double quotes.

use super::{Failure, Mistake, Result, Scanner};

impl Scanner<'_> {
    /// Reads an escape; tells whether it took a line break, which stands for nothing.
    pub(super) fn escape(&mut self, start: usize, text: &mut String) -> Result<bool> {
        let at = self.cursor.at();
        if self.cursor.is_break(1) {
            self.cursor.skip_byte();
            self.cursor.take_break();
            return Ok(true);
        }
        let failure = Failure::new(Mistake::Escape, start, at);
        let letter = self.cursor.byte(1);
        let digits = match letter {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            _ => 0,
        };
        let c = if digits > 0 { self.code(digits) } else { character(letter) };
        text.push(c.ok_or(failure)?);
        (0..2 + digits).for_each(|_| self.cursor.skip_byte());
        Ok(false)
    }

    /// The character of a code of so many digits after a backslash and a letter.
    fn code(&self, digits: usize) -> Option<char> {
        let code = (2..2 + digits).try_fold(0u32, |code, ahead| {
            let digit = char::from(self.cursor.byte(ahead)).to_digit(16)?;
            Some(code.checked_mul(16)? | digit)
        });
        code.and_then(char::from_u32)
    }
}

fn character(letter: u8) -> Option<char> {
    Some(match letter {
        b'0' => '\0',
        b'a' => '\x07',
        b'b' => '\x08',
        b't' | b'\t' => '\t',
        b'n' => '\n',
        b'v' => '\x0b',
        b'f' => '\x0c',
        b'r' => '\r',
        b'e' => '\x1b',
        b' ' | b'"' | b'\'' | b'\\' => char::from(letter),
        b'N' => '\u{85}',
        b'_' => '\u{a0}',
        b'L' => '\u{2028}',
        b'P' => '\u{2029}',
        _ => return None,
    })
}
