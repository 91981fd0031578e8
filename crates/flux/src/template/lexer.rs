//! Text to tokens, as Go's template lexer cuts it.

use std::ops::Range;

use super::TemplateError;

const LEFT: &str = "<<";
const RIGHT: &str = ">>";
const SPACES: [char; 4] = [' ', '\t', '\r', '\n'];

/// A token, with its place in the template.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub kind: Kind,
    pub at: Range<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// Text outside actions, already trimmed.
    Text(String),
    Left,
    Right,
    Space,
    /// `.name`
    Field(String),
    /// `$name`, or `$` alone.
    Variable(String),
    Dot,
    /// A word: a keyword, a function, `true`, `false`, `nil`.
    Word(String),
    Number(String),
    /// A character constant without its quotes, still escaped.
    Char(String),
    /// A text, unquoted.
    Quoted(String),
    Assign,
    Declare,
    Pipe,
    Comma,
    Open,
    Close,
}

/// The tokens of a template.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, TemplateError> {
    let mut lexer = Lexer { text, at: 0, tokens: Vec::new() };
    lexer.run()?;
    Ok(lexer.tokens)
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    tokens: Vec<Token>,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn push(&mut self, kind: Kind, start: usize) {
        self.tokens.push(Token { kind, at: start..self.at });
    }

    fn fail<T>(&self, start: usize, message: impl Into<String>) -> Result<T, TemplateError> {
        let end = self.rest().find(RIGHT).map_or(self.text.len(), |index| self.at + index + RIGHT.len());
        Err(TemplateError::wrong(message).within(&(start..end.max(start + 1))))
    }

    fn run(&mut self) -> Result<(), TemplateError> {
        while let Some(index) = self.rest().find(LEFT) {
            let (start, open) = (self.at, self.at + index);
            let behind = self.text.get(open + LEFT.len()..).unwrap_or_default();
            let trims = is_left_trim(behind);
            let text = self.text.get(start..open).unwrap_or_default();
            let kept = if trims { text.trim_end_matches(SPACES) } else { text };
            self.text_token(kept, start);
            self.at = open + LEFT.len() + if trims { 2 } else { 0 };
            match self.rest().starts_with("/*") {
                true => self.comment(open)?,
                // A `-` with its space is dropped; without the marker nothing is.
                false => self.action(open)?,
            }
        }
        let (start, rest) = (self.at, self.rest());
        self.text_token(rest, start);
        Ok(())
    }

    fn text_token(&mut self, text: &str, start: usize) {
        if !text.is_empty() {
            self.tokens.push(Token { kind: Kind::Text(text.to_owned()), at: start..start + text.len() });
        }
    }

    fn comment(&mut self, open: usize) -> Result<(), TemplateError> {
        let Some(end) = self.rest().find("*/") else { return self.fail(open, "unclosed comment") };
        self.at += end + 2;
        match self.right() {
            Some(trims) => self.close(trims),
            None => return self.fail(open, "a comment must end right before `>>`"),
        }
        Ok(())
    }

    /// Whether a right delimiter is here, and whether it trims.
    fn right(&self) -> Option<bool> {
        let rest = self.rest();
        let trimmed = rest.strip_prefix(SPACES).and_then(|rest| rest.strip_prefix('-'));
        if trimmed.is_some_and(|rest| rest.starts_with(RIGHT)) {
            return Some(true);
        }
        rest.starts_with(RIGHT).then_some(false)
    }

    fn close(&mut self, trims: bool) {
        self.at += RIGHT.len() + if trims { 2 } else { 0 };
        if trims {
            self.at += self.rest().len() - self.rest().trim_start_matches(SPACES).len();
        }
    }

    fn action(&mut self, open: usize) -> Result<(), TemplateError> {
        self.tokens.push(Token { kind: Kind::Left, at: open..self.at });
        let mut depth = 0_usize;
        loop {
            let start = self.at;
            if let Some(trims) = self.right() {
                if depth > 0 {
                    return self.fail(open, "unclosed left parenthesis");
                }
                let end = start + RIGHT.len() + if trims { 2 } else { 0 };
                self.close(trims);
                self.tokens.push(Token { kind: Kind::Right, at: start..end });
                return Ok(());
            }
            let Some(c) = self.rest().chars().next() else { return self.fail(open, "unclosed action") };
            match c {
                '(' => depth += 1,
                ')' if depth == 0 => return self.fail(open, "unexpected `)`"),
                ')' => depth -= 1,
                _ => {}
            }
            self.token(c, open)?;
        }
    }

    fn token(&mut self, c: char, open: usize) -> Result<(), TemplateError> {
        let start = self.at;
        let behind = self.text.get(start + c.len_utf8()..).unwrap_or_default();
        let one = |lexer: &mut Self, kind| {
            lexer.at = start + c.len_utf8();
            lexer.push(kind, start);
            Ok(())
        };
        match c {
            _ if SPACES.contains(&c) => self.spaces(),
            '=' => return one(self, Kind::Assign),
            '|' => return one(self, Kind::Pipe),
            ',' => return one(self, Kind::Comma),
            '(' => return one(self, Kind::Open),
            ')' => return one(self, Kind::Close),
            ':' if behind.starts_with('=') => {
                self.at += 2;
                self.push(Kind::Declare, start);
            }
            ':' => return self.fail(open, "expected `:=`"),
            '"' | '\'' => return self.quoted(c, open),
            '`' => match behind.find('`') {
                Some(end) => {
                    self.at += end + 2;
                    // Go drops carriage returns from raw texts.
                    let text = behind.get(..end).unwrap_or_default().replace('\r', "");
                    self.push(Kind::Quoted(text), start);
                }
                None => return self.fail(open, "unterminated raw string"),
            },
            '$' => return self.name(open, Kind::Variable),
            '.' if !behind.starts_with(|c: char| c.is_ascii_digit()) => return self.field(open),
            '+' | '-' | '.' | '0'..='9' => return self.number(open),
            _ if is_alphanumeric(c) => return self.name(open, Kind::Word),
            _ => return self.fail(open, format!("unexpected `{c}` in an action")),
        }
        Ok(())
    }

    /// A run of spaces; the last one may belong to a trimming delimiter.
    fn spaces(&mut self) {
        let start = self.at;
        let run = self.rest().len() - self.rest().trim_start_matches(SPACES).len();
        self.at += run;
        let behind = self.rest();
        if behind.strip_prefix('-').is_some_and(|rest| rest.starts_with(RIGHT)) {
            self.at -= 1;
        }
        if self.at > start {
            self.push(Kind::Space, start);
        }
    }

    fn field(&mut self, open: usize) -> Result<(), TemplateError> {
        let start = self.at;
        self.at += 1;
        if self.is_terminated() {
            self.push(Kind::Dot, start);
            return Ok(());
        }
        let name = self.take(is_alphanumeric).to_owned();
        self.finish(open, start, Kind::Field(name))
    }

    /// A word, or a variable with its `$`.
    fn name(&mut self, open: usize, kind: fn(String) -> Kind) -> Result<(), TemplateError> {
        let start = self.at;
        self.at += usize::from(self.rest().starts_with('$'));
        self.take(is_alphanumeric);
        let name = self.text.get(start..self.at).unwrap_or_default().to_owned();
        self.finish(open, start, kind(name))
    }

    fn finish(&mut self, open: usize, start: usize, kind: Kind) -> Result<(), TemplateError> {
        if !self.is_terminated() {
            let c = self.rest().chars().next().unwrap_or_default();
            return self.fail(open, format!("unexpected `{c}` in an action"));
        }
        self.push(kind, start);
        Ok(())
    }

    fn number(&mut self, open: usize) -> Result<(), TemplateError> {
        let start = self.at;
        self.at += usize::from(self.rest().starts_with(['+', '-']));
        let mut previous = ' ';
        self.take(|c| {
            let is_exponent = matches!(previous, 'e' | 'E' | 'p' | 'P') && matches!(c, '+' | '-');
            previous = c;
            is_alphanumeric(c) || c == '.' || is_exponent
        });
        let text = self.text.get(start..self.at).unwrap_or_default().to_owned();
        if !text.contains(|c: char| c.is_ascii_digit()) {
            return self.fail(open, format!("`{text}` is not a number"));
        }
        self.push(Kind::Number(text), start);
        Ok(())
    }

    fn quoted(&mut self, quote: char, open: usize) -> Result<(), TemplateError> {
        let start = self.at;
        let mut escaped = false;
        let inside = self.rest().get(1..).unwrap_or_default();
        let end = inside.char_indices().find_map(|(index, c)| match c {
            '\n' => Some(None),
            _ if escaped => {
                escaped = false;
                None
            }
            '\\' => {
                escaped = true;
                None
            }
            _ if c == quote => Some(Some(index)),
            _ => None,
        });
        let Some(Some(end)) = end else { return self.fail(open, "unterminated text") };
        self.at += end + 2;
        let inside = inside.get(..end).unwrap_or_default();
        let Some(text) = unquoted(inside) else {
            return self.fail(open, "a string has an escape that Go does not know");
        };
        self.push(if quote == '"' { Kind::Quoted(text) } else { Kind::Char(text) }, start);
        Ok(())
    }

    fn take(&mut self, mut accepts: impl FnMut(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !accepts(c)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    fn is_terminated(&self) -> bool {
        let rest = self.rest();
        rest.is_empty()
            || rest.starts_with(SPACES)
            || rest.starts_with(['.', ',', '|', ':', ')', '('])
            || rest.starts_with(RIGHT)
    }
}

fn is_left_trim(behind: &str) -> bool {
    behind.strip_prefix('-').is_some_and(|rest| rest.starts_with(SPACES))
}

fn is_alphanumeric(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// The text between Go's double quotes, its escapes resolved; `None` where one is none.
fn unquoted(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        let escape = chars.next()?;
        let mut code = |digits: usize, radix: u32| {
            let text: String = chars.by_ref().take(digits).collect();
            (text.len() == digits).then(|| u32::from_str_radix(&text, radix).ok().and_then(char::from_u32)).flatten()
        };
        out.push(match escape {
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            '\\' | '"' | '\'' => escape,
            'x' => code(2, 16).filter(char::is_ascii)?,
            'u' => code(4, 16)?,
            'U' => code(8, 16)?,
            _ => return None,
        });
    }
    Some(out)
}
