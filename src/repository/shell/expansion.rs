//! What a shell, a workflow or a template puts into words: variables, expressions, the output of commands.

use super::{Dialect, Lexer, Word};
use crate::repository::written::Unread;

/// Names of variables are not longer, in bytes.
const NAME_LIMIT: usize = 256;

/// What a reader is asked to put in is not longer, in bytes.
const PLACEHOLDER_LIMIT: usize = 80;

impl Lexer<'_> {
    /// A piece of a word inside or outside of double quotes: text up to what means something, or an expansion.
    pub(super) fn piece(&mut self, word: &mut Word) {
        match self.byte(0) {
            Some(b'$') => self.dollar(word),
            Some(b'`') if !self.has_no_backtick => self.backticks(word),
            Some(b'{') if self.byte(1) == Some(b'{') => self.braces(word, 0),
            _ => {
                let rest = self.rest();
                let first = rest.chars().next().map_or(0, char::len_utf8);
                let means_something = |c: char| " \t\r\n;|&()<>'\"\\$`{".contains(c);
                let more = rest.get(first..).unwrap_or_default();
                self.take(word, first + more.find(means_something).unwrap_or(more.len()));
            }
        }
    }

    /// Of an expression everything up to its `}}`; `before` is the length of what is before the braces.
    fn braces(&mut self, word: &mut Word, before: usize) {
        let inside = self.at + before + 2;
        if self.next_braces.is_none_or(|next| next < inside) {
            let next = self.text.get(inside..).and_then(|rest| rest.find("}}"));
            self.next_braces = Some(next.map_or(usize::MAX, |next| inside + next));
        }
        match self
            .next_braces
            .filter(|next| *next != usize::MAX)
            .and_then(|end| Some((end, self.text.get(inside..end)?)))
        {
            Some((end, expression)) => {
                word.unread.push(Unread::Expression(expression.trim().into()));
                self.take(word, end + 2 - self.at);
            }
            None => self.take(word, before + 2),
        }
    }

    fn dollar(&mut self, word: &mut Word) {
        match (self.byte(1), self.byte(2)) {
            (Some(b'{'), Some(b'{')) => self.braces(word, 1),
            (Some(b'{'), _) => self.enclosed(word, b'}'),
            (Some(b'('), _) if self.dialect == Dialect::Make => self.enclosed(word, b')'),
            (Some(b'('), _) => self.output(word),
            (Some(b'$'), _) if self.dialect == Dialect::Make => {
                self.at += 1;
                match self.byte(1) {
                    Some(b'(') => self.output(word),
                    Some(b'{') => self.enclosed(word, b'}'),
                    _ => self.named(word),
                }
            }
            _ => self.named(word),
        }
    }

    /// `$NAME`, `$1`; a `$` alone is itself.
    fn named(&mut self, word: &mut Word) {
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let name = self.rest().bytes().skip(1).take(NAME_LIMIT).take_while(is_name).count();
        let name = if name == 0 { usize::from(matches!(self.byte(1), Some(b'@' | b'*' | b'#' | b'?'))) } else { name };
        if let Some(name) = self.rest().get(1..=name).filter(|name| !name.is_empty()) {
            word.unread.push(Unread::Variable(name.into()));
        }
        self.take(word, 1 + name);
    }

    /// `${NAME}`, `${NAME:-default}`; of make `$(NAME)`.
    fn enclosed(&mut self, word: &mut Word, close: u8) {
        match self.closing(close) {
            Some(end) => {
                let inner = self.rest().get(2..end).unwrap_or_default();
                let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '@' | '<' | '*');
                let name = inner.split(|c| !is_name(c)).next().unwrap_or_default();
                let name = name.split(":-").next().unwrap_or_default();
                // `$(shell …)`, `${!name}`: more than a variable.
                let is_call = close == b')' && inner.len() != name.len();
                word.unread.push(if is_call || name.is_empty() {
                    Unread::Output
                } else {
                    Unread::Variable(name.into())
                });
                self.take(word, end + 1);
            }
            None => {
                word.unread.push(Unread::Output);
                self.take(word, 2);
            }
        }
    }

    /// How far away the end of a variable is, if it is near and on the line. What was looked at once without finding one is not
    /// looked at again.
    fn closing(&mut self, close: u8) -> Option<usize> {
        let seen = if self.not_closed.0 == close { self.not_closed.1.saturating_sub(self.at) } else { 0 };
        let bytes = self.rest().as_bytes();
        let ahead = bytes.iter().take(NAME_LIMIT).skip(seen);
        let found = ahead.clone().position(|byte| *byte == close || *byte == b'\n').map(|found| seen + found);
        if found.is_none() {
            self.not_closed = (close, self.at + bytes.len().min(NAME_LIMIT).max(seen));
        }
        found.filter(|&found| bytes.get(found) == Some(&close))
    }

    /// `$(command)`, with what is nested in it. One that does not end takes the rest.
    fn output(&mut self, word: &mut Word) {
        let bytes = self.rest().as_bytes();
        let (mut depth, mut quote, mut end) = (0_usize, None, 1);
        while let Some(&byte) = bytes.get(end) {
            match (byte, quote) {
                (b'\\', Some(b'"') | None) => end += 1,
                (b'\'' | b'"', None) => quote = Some(byte),
                (byte, Some(open)) if byte == open => quote = None,
                (b'(', None) => depth += 1,
                (b')', None) if depth == 1 => break,
                (b')', None) => depth -= 1,
                _ => {}
            }
            end += 1;
        }
        word.unread.push(Unread::Output);
        self.take(word, (end + 1).min(bytes.len()));
    }

    fn backticks(&mut self, word: &mut Word) {
        match self.text.get(self.at + 1..).and_then(|rest| rest.find('`')) {
            Some(length) => {
                word.unread.push(Unread::Output);
                self.take(word, length + 2);
            }
            None => {
                self.has_no_backtick = true;
                self.take(word, 1);
            }
        }
    }
}

/// What is in `<…>` at the beginning of a text, where a person and no shell is meant.
pub(super) fn placeholder(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('<')?;
    let end = inside.bytes().take(PLACEHOLDER_LIMIT).position(|byte| matches!(byte, b'>' | b'<' | b'\n'))?;
    let name = inside.get(..end).filter(|_| inside.as_bytes().get(end) == Some(&b'>'))?;
    let is_word = name.starts_with(|c: char| c.is_alphabetic()) && !name.ends_with([' ', '&']);
    let is_plain = |c: char| c.is_alphanumeric() || " -_./:'".contains(c);
    let after = inside.get(end + 1..).and_then(|rest| rest.chars().next());
    (is_word && name.chars().all(is_plain) && after.is_none_or(|c| !matches!(c, '>' | '&'))).then_some(name)
}
