//! Anchors, aliases and tags.

use smol_str::SmolStr;

use super::cursor::Cursor;
use super::{Failure, Kind, Mistake, Result, Scanner, Token};

/// The tag without a name.
const NON_SPECIFIC: &str = "!";

impl Scanner<'_> {
    pub(super) fn anchor(&mut self, kind: Kind) -> Result<()> {
        let start = self.cursor.at();
        self.cursor.skip_byte();
        let name = letters(&mut self.cursor);
        let ends = matches!(self.cursor.byte(0), b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`');
        if name.is_empty() || !(ends || self.cursor.is_space(0)) {
            return Err(Failure::new(Mistake::AnchorName, start, self.cursor.at()));
        }
        self.queue.push_back(Token::with_text(kind, start, self.cursor.at(), name));
        Ok(())
    }

    pub(super) fn tag(&mut self) -> Result<()> {
        let start = self.cursor.at();
        let (handle, suffix) = if self.cursor.byte(1) == b'<' { self.verbatim(start)? } else { self.short(start)? };
        if !self.cursor.is_space(0) {
            return Err(Failure::new(Mistake::Tag, start, self.cursor.at()));
        }
        let token = Token::with_text(Kind::Tag, start, self.cursor.at(), handle);
        self.queue.push_back(Token { suffix, ..token });
        Ok(())
    }

    /// `!<tag>` has no handle.
    fn verbatim(&mut self, start: usize) -> Result<(SmolStr, SmolStr)> {
        self.cursor.skip_byte();
        self.cursor.skip_byte();
        let suffix = self.uri(start)?;
        if suffix.is_empty() {
            return Err(Failure::new(Mistake::Tag, start, self.cursor.at()));
        }
        if self.cursor.byte(0) != b'>' {
            return Err(Failure::new(Mistake::OpenTag, start, self.cursor.at()));
        }
        self.cursor.skip_byte();
        Ok((SmolStr::default(), suffix.into()))
    }

    /// `!suffix`, `!handle!suffix`, or `!` alone, which has no handle.
    fn short(&mut self, start: usize) -> Result<(SmolStr, SmolStr)> {
        let handle = self.handle();
        if handle.len() > 1 && handle.ends_with('!') {
            let suffix = self.uri(start)?;
            let failure = Failure::new(Mistake::Tag, start, self.cursor.at());
            return if suffix.is_empty() { Err(failure) } else { Ok((handle.into(), suffix.into())) };
        }
        let suffix = format!("{}{}", handle.strip_prefix('!').unwrap_or_default(), self.uri(start)?);
        if suffix.is_empty() {
            return Ok((SmolStr::default(), SmolStr::new_static(NON_SPECIFIC)));
        }
        Ok((SmolStr::new_static(NON_SPECIFIC), suffix.into()))
    }

    /// `!`, letters, and a second `!` if there is one.
    pub(super) fn handle(&mut self) -> String {
        let start = self.cursor.at();
        self.cursor.skip_byte();
        letters(&mut self.cursor);
        if self.cursor.byte(0) == b'!' {
            self.cursor.skip_byte();
        }
        self.cursor.text_from(start).to_owned()
    }

    /// The characters of a URI, `%` escapes decoded.
    pub(super) fn uri(&mut self, start: usize) -> Result<String> {
        let mut bytes = Vec::new();
        loop {
            match self.cursor.byte(0) {
                b'%' => {
                    let octet = |ahead: usize| char::from(self.cursor.byte(ahead)).to_digit(16);
                    let code = octet(1).zip(octet(2)).and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
                    bytes.push(code.ok_or(Failure::new(Mistake::Tag, start, self.cursor.at()))?);
                    (0..3).for_each(|_| self.cursor.skip_byte());
                }
                byte if is_letter(byte) || b";/?:@&=+$,.!~*'()[]".contains(&byte) => {
                    bytes.push(byte);
                    self.cursor.skip_byte();
                }
                _ => break,
            }
        }
        String::from_utf8(bytes).map_err(|_| Failure::new(Mistake::Tag, start, self.cursor.at()))
    }
}

/// Walks over letters, digits, `_` and `-`.
pub(super) fn letters<'a>(cursor: &mut Cursor<'a>) -> &'a str {
    let start = cursor.at();
    while is_letter(cursor.byte(0)) {
        cursor.skip_byte();
    }
    cursor.text_from(start)
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}
