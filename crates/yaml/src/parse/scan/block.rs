//! Block scalars: `|` and `>`.

use super::{Failure, Kind, Mistake, Result, Scanner, Token, is_blank};
use crate::Style;

/// What follows `|` or `>`.
#[derive(Default)]
struct Header {
    /// `+` keeps the breaks at the end, `-` takes all.
    chomping: Option<u8>,
    increment: isize,
}

impl Scanner<'_> {
    pub(super) fn block(&mut self, is_literal: bool) -> Result<()> {
        let start = self.cursor.at();
        self.cursor.skip_byte();
        let header = self.block_header(start)?;
        // The span of a scalar without content is its header, with the comment there.
        let mut end = start + self.cursor.text_from(start).trim_end_matches([' ', '\t']).len();
        self.cursor.take_break();
        let mut indent = if header.increment > 0 { self.indent.max(0) + header.increment } else { 0 };
        let (mut text, mut first, mut rest) = (String::new(), None, String::new());
        self.block_breaks(start, &mut indent, &mut rest)?;
        let is_short = !self.cursor.is_end() && self.column() < indent && self.column() > self.indent;
        self.short_line = is_short.then(|| self.cursor.at()).or(self.short_line);
        let mut was_indented = false;
        while self.column() == indent && !self.cursor.is_end() {
            let is_indented = self.cursor.is_blank();
            let folds = !is_literal && !was_indented && !is_indented && first == Some('\n');
            match first.take() {
                Some(_) if folds && rest.is_empty() => text.push(' '),
                Some(c) if !folds => text.push(c),
                _ => {}
            }
            text.push_str(&rest);
            rest.clear();
            was_indented = is_indented;
            let line = self.cursor.at();
            self.cursor.skip_line();
            text.push_str(self.cursor.text_from(line));
            end = self.cursor.at();
            first = self.cursor.take_break();
            self.block_breaks(start, &mut indent, &mut rest)?;
        }
        if header.chomping != Some(b'-') {
            text.extend(first);
        }
        if header.chomping == Some(b'+') {
            text.push_str(&rest);
        }
        let kind = Kind::Scalar(if is_literal { Style::Literal } else { Style::Folded });
        self.queue.push_back(Token::with_text(kind, start, end, text));
        Ok(())
    }

    /// Reads the header up to the end of its line.
    fn block_header(&mut self, start: usize) -> Result<Header> {
        let mut header = Header::default();
        if self.chomping(&mut header) {
            self.increment(start, &mut header)?;
        } else if self.increment(start, &mut header)? {
            self.chomping(&mut header);
        }
        self.cursor.skip_blanks();
        if self.cursor.byte(0) == b'#' {
            self.note_line_comment(start);
            self.comment();
        }
        if !self.cursor.is_line_end() {
            return Err(Failure::new(Mistake::BlockHeader, start, self.cursor.at()));
        }
        Ok(header)
    }

    fn chomping(&mut self, header: &mut Header) -> bool {
        let byte = self.cursor.byte(0);
        let is_chomping = matches!(byte, b'+' | b'-');
        if is_chomping {
            header.chomping = Some(byte);
            self.cursor.skip_byte();
        }
        is_chomping
    }

    fn increment(&mut self, start: usize, header: &mut Header) -> Result<bool> {
        let byte = self.cursor.byte(0);
        if byte == b'0' {
            return Err(Failure::new(Mistake::ZeroIndentation, start, self.cursor.at()));
        }
        if !byte.is_ascii_digit() {
            return Ok(false);
        }
        header.increment = isize::from(byte - b'0');
        self.cursor.skip_byte();
        Ok(true)
    }

    /// Walks over empty lines and the indentation of the next line; 0 stands for an indentation that is not known yet: the
    /// longest of these lines decides it.
    fn block_breaks(&mut self, start: usize, indent: &mut isize, breaks: &mut String) -> Result<()> {
        let mut longest = 0;
        loop {
            let is_inside = |scanner: &Self| *indent == 0 || scanner.column() < *indent;
            while is_inside(self) && self.cursor.byte(0) == b' ' {
                self.cursor.skip();
            }
            longest = longest.max(self.column());
            if is_inside(self) && is_blank(self.cursor.byte(0)) {
                return Err(Failure::new(Mistake::Tab, start, self.cursor.at()));
            }
            match self.cursor.take_break() {
                Some(c) => breaks.push(c),
                None => break,
            }
        }
        if *indent == 0 {
            *indent = longest.max(self.indent + 1).max(1);
        }
        Ok(())
    }
}
