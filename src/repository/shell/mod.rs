//! Reads the words of shell commands: quotes, continued lines, variables, here-documents. Nothing is expanded, nothing is
//! run; what would have to be is [`Unread`]. Every byte is looked at a bounded number of times.

mod commands;
mod expansion;
mod word;

pub(super) use commands::read;
pub(super) use word::{ShellCommand, Word};

use super::written::Unread;

/// Whose variables a text has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Shell,
    /// Recipes of make: `$(NAME)` is a variable, `$$` the `$` of the shell.
    Make,
}

/// What a text is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(Word),
    /// `;`, `&`, the end of a line, brackets.
    End,
    Pipe,
    /// `&&`, `||`
    Condition,
}

/// Reads tokens.
struct Lexer<'a> {
    text: &'a str,
    at: usize,
    dialect: Dialect,
    /// The words that end the here-documents which begin after this line, and whether they may be indented.
    heredocs: Vec<(String, bool)>,
    /// No quote of this kind closes any more.
    has_no_single: bool,
    has_no_double: bool,
    has_no_backtick: bool,
    /// Where the next `}}` is, as far as it was looked for.
    next_braces: Option<usize>,
    /// Up to where none of these closes a variable.
    not_closed: (u8, usize),
}

impl<'a> Lexer<'a> {
    fn new(text: &'a str, dialect: Dialect) -> Self {
        Self {
            text,
            at: 0,
            dialect,
            heredocs: Vec::new(),
            has_no_single: false,
            has_no_double: false,
            has_no_backtick: false,
            next_braces: None,
            not_closed: (0, 0),
        }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    /// The next token; `None` at the end.
    fn next(&mut self) -> Option<Token> {
        loop {
            self.skip_blanks();
            return Some(match self.byte(0)? {
                b'\n' => {
                    self.at += 1;
                    self.skip_heredocs();
                    Token::End
                }
                b'#' => {
                    self.skip_line();
                    continue;
                }
                b';' | b'(' | b')' => {
                    self.at += 1;
                    Token::End
                }
                b'&' if self.byte(1) == Some(b'>') => {
                    self.redirection();
                    continue;
                }
                b'&' => self.operator(b'&', Token::End),
                b'|' => self.operator(b'|', Token::Pipe),
                b'<' | b'>' if !self.is_placeholder() => {
                    self.redirection();
                    continue;
                }
                digit if digit.is_ascii_digit() && self.is_redirected_number() => {
                    self.redirection();
                    continue;
                }
                _ => Token::Word(self.word()),
            });
        }
    }

    fn operator(&mut self, byte: u8, single: Token) -> Token {
        match self.byte(1) == Some(byte) {
            true => {
                self.at += 2;
                Token::Condition
            }
            false => {
                self.at += 1 + usize::from(byte == b'|' && self.byte(1) == Some(b'&'));
                single
            }
        }
    }

    /// Blanks, and lines that go on.
    fn skip_blanks(&mut self) {
        loop {
            match (self.byte(0), self.byte(1), self.byte(2)) {
                (Some(b' ' | b'\t' | b'\r'), ..) => self.at += 1,
                (Some(b'\\'), Some(b'\n'), _) => self.at += 2,
                (Some(b'\\'), Some(b'\r'), Some(b'\n')) => self.at += 3,
                _ => return,
            }
        }
    }

    fn skip_line(&mut self) {
        self.at = self.rest().find('\n').map_or(self.text.len(), |end| self.at + end);
    }

    /// `2>`: a number right before a redirection. Numbers of files have few digits.
    fn is_redirected_number(&self) -> bool {
        let digits = self.rest().bytes().take(4).take_while(u8::is_ascii_digit).count();
        matches!(self.byte(digits), Some(b'<' | b'>'))
    }

    /// `<your token>`, which is not a redirection.
    fn is_placeholder(&self) -> bool {
        expansion::placeholder(self.rest()).is_some()
    }

    /// A redirection and what it names.
    fn redirection(&mut self) {
        while self.byte(0).is_some_and(|byte| byte.is_ascii_digit() || byte == b'&') {
            self.at += 1;
        }
        let sign = self.rest().bytes().take(3).take_while(|byte| matches!(byte, b'<' | b'>')).count();
        let is_heredoc = sign == 2 && self.rest().starts_with("<<");
        self.at += sign;
        let is_indented = is_heredoc && self.byte(0) == Some(b'-');
        self.at += usize::from(is_indented || matches!(self.byte(0), Some(b'&' | b'|')) && sign < 3);
        while matches!(self.byte(0), Some(b' ' | b'\t')) {
            self.at += 1;
        }
        if self.byte(0).is_none_or(|byte| matches!(byte, b'\n' | b';' | b'|' | b'&' | b'(' | b')')) {
            return;
        }
        let word = self.word();
        if is_heredoc {
            self.heredocs.push((word.text, is_indented));
        }
    }

    /// The here-documents that begin here: what is in them is no command.
    fn skip_heredocs(&mut self) {
        for (end, is_indented) in std::mem::take(&mut self.heredocs) {
            while self.at < self.text.len() {
                let rest = self.rest();
                let line = rest.split('\n').next().unwrap_or_default();
                self.at = (self.at + line.len() + 1).min(self.text.len());
                let line = line.trim_end_matches('\r');
                if (if is_indented { line.trim_start_matches('\t') } else { line }) == end {
                    break;
                }
            }
        }
    }

    /// One word: at least one byte is taken.
    fn word(&mut self) -> Word {
        let (start, mut word) = (self.at, Word::default());
        while let Some(byte) = self.byte(0) {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b';' | b'|' | b'&' | b'(' | b')' => break,
                b'<' => match expansion::placeholder(self.rest()) {
                    Some(name) => {
                        self.take(&mut word, name.len() + 2);
                        word.unread.push(Unread::Placeholder(name.into()));
                    }
                    None => break,
                },
                b'>' => break,
                b'\'' if !self.has_no_single => self.single_quoted(&mut word),
                b'"' if !self.has_no_double => self.double_quoted(&mut word),
                b'\\' => self.escape(&mut word),
                _ => self.piece(&mut word),
            }
        }
        if self.at == start {
            self.at = start + self.rest().chars().next().map_or(1, char::len_utf8);
        }
        word.range = start..self.at;
        word
    }

    /// Takes bytes into a word as they are.
    fn take(&mut self, word: &mut Word, length: usize) {
        let end = (self.at + length).min(self.text.len());
        word.text.push_str(self.text.get(self.at..end).unwrap_or_default());
        self.at = end;
    }

    fn single_quoted(&mut self, word: &mut Word) {
        match self.text.get(self.at + 1..).and_then(|rest| rest.find('\'')) {
            Some(length) => {
                self.at += 1;
                // Who fills in `{{ … }}` does so before any shell sees the quotes.
                let inside = self.text.get(self.at..self.at + length).unwrap_or_default();
                let expressions = inside.split("{{").skip(1).filter_map(|part| part.split_once("}}"));
                word.unread.extend(expressions.map(|(it, _)| Unread::Expression(it.trim().into())));
                self.take(word, length);
                self.at += 1;
                word.is_quoted = true;
            }
            // A text with an apostrophe, not a shell.
            None => {
                self.has_no_single = true;
                self.take(word, 1);
            }
        }
    }

    fn double_quoted(&mut self, word: &mut Word) {
        let (start, length) = (self.at, word.text.len());
        let known = word.unread.len();
        self.at += 1;
        word.is_quoted = true;
        loop {
            match self.byte(0) {
                None => {
                    self.has_no_double = true;
                    self.at = start;
                    word.text.truncate(length);
                    word.unread.truncate(known);
                    return self.take(word, 1);
                }
                Some(b'"') => break,
                Some(b'\\') => self.escape(word),
                Some(_) => self.piece(word),
            }
        }
        self.at += 1;
    }

    fn escape(&mut self, word: &mut Word) {
        let next = self.text.get(self.at + 1..).and_then(|rest| rest.chars().next());
        self.at += 1;
        match next {
            Some('\n') => self.at += 1,
            Some('\r') if self.byte(1) == Some(b'\n') => self.at += 2,
            Some(c) => {
                word.is_quoted = true;
                self.take(word, c.len_utf8());
            }
            None => word.text.push('\\'),
        }
    }
}
