//! The expression language of envsubst, text to parts (flux-build-semantics section 5).

use std::sync::LazyLock;

use regex::Regex;
use smol_str::SmolStr;

use super::error::{EnvsubstError, Failure};

/// How deeply expressions may be nested in arguments.
const MAX_DEPTH: usize = 200;

/// How many failing expressions of a text are told: each may be looked for up to the end of the text.
const MAX_FAILURES: usize = 50;

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Literal text, escapes taken away.
    Text(String),
    Expression(Expression),
}

/// `${name…}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Expression {
    pub(super) name: SmolStr,
    pub(super) operator: Operator,
    pub(super) arguments: Vec<Part>,
    /// Where its `$` is in the text.
    pub(super) start: usize,
    /// The offset after its `}`.
    pub(super) end: usize,
}

/// What an expression does with the variable's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    /// `${v}`
    Value,
    /// `=`, `:=`, `:-`, `:?`, `:+`: all the same here.
    Default,
    /// `${#v}`
    Length,
    UpperFirst,
    Upper,
    LowerFirst,
    Lower,
    /// `:p`, `:p:l`
    Substring,
    ReplaceFirst,
    ReplaceAll,
    ReplacePrefix,
    ReplaceSuffix,
    TrimShortestPrefix,
    TrimLongestPrefix,
    TrimShortestSuffix,
    TrimLongestSuffix,
}

/// The parts of a text, in order. A NUL ends the text.
///
/// # Errors
/// The first expression that is none.
pub(super) fn parse(text: &str) -> Result<Vec<Part>, EnvsubstError> {
    let mut parser = Parser { text, at: 0, depth: 0 };
    let mut parts = Vec::new();
    while parser.peek().is_some() {
        if parser.at_expression() {
            parts.push(Part::Expression(parser.expression()?));
        } else {
            parts.extend(parser.token(Escapes::Dollar, true, |_, _| true).map(Part::Text));
        }
    }
    Ok(parts)
}

/// The expressions of a text, and those that fail: after one that does, reading goes on behind it.
pub(super) fn read_on(text: &str) -> (Vec<Part>, Vec<EnvsubstError>) {
    let mut parser = Parser { text, at: 0, depth: 0 };
    let (mut found, mut failed) = (Vec::new(), Vec::new());
    while parser.peek().is_some() && failed.len() < MAX_FAILURES {
        if !parser.at_expression() {
            parser.token(Escapes::Dollar, true, |_, _| true);
            continue;
        }
        match parser.expression() {
            Ok(expression) => found.push(Part::Expression(expression)),
            Err(error) => {
                parser.depth = 0;
                parser.at = error.at + extent(text, error.at).len().max(1);
                failed.push(error);
            }
        }
    }
    (found, failed)
}

/// An expression up to its brace, or the end of its line.
pub(super) fn extent(text: &str, at: usize) -> &str {
    let rest = text.get(at..).unwrap_or_default().lines().next().unwrap_or_default();
    let end = rest.find('}').map_or(rest.len(), |index| index + 1);
    rest.get(..end).unwrap_or_default()
}

/// Which escapes a token knows: `$$`, and in the arguments of `/` also `\/` and `\\`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Escapes {
    None,
    Dollar,
    DollarAndBackslash,
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The next character; a NUL counts as the end.
    fn peek(&self) -> Option<char> {
        self.rest().chars().next().filter(|&c| c != '\0')
    }

    fn at_expression(&self) -> bool {
        self.rest().starts_with("${")
    }

    fn at_escape(&self, escapes: Escapes) -> bool {
        let rest = self.rest();
        match escapes {
            Escapes::None => false,
            Escapes::Dollar => rest.starts_with("$$"),
            Escapes::DollarAndBackslash => ["$$", "\\/", "\\\\"].iter().any(|escape| rest.starts_with(escape)),
        }
    }

    /// Characters as long as they are accepted (by themselves and the token's length with them in bytes); `None` without any.
    /// With `stops` an expression ends the token.
    fn token(&mut self, escapes: Escapes, stops: bool, accept: impl Fn(char, usize) -> bool) -> Option<String> {
        let mut token = String::new();
        while let Some(c) = self.peek() {
            if stops && self.at_expression() {
                break;
            }
            if self.at_escape(escapes) {
                token.extend(self.rest().chars().nth(1));
                self.at += 2;
                continue;
            }
            if !accept(c, token.len() + c.len_utf8()) {
                break;
            }
            token.push(c);
            self.at += c.len_utf8();
        }
        (!token.is_empty()).then_some(token)
    }

    fn expression(&mut self) -> Result<Expression, EnvsubstError> {
        let start = self.at;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(EnvsubstError { failure: Failure::TooLarge, at: start });
        }
        self.at += 2;
        let parsed = if self.peek() == Some('#') { self.length() } else { self.named() };
        self.depth -= 1;
        let (name, operator, arguments) = parsed.map_err(|failure| failure.or_at(start))?;
        Ok(Expression { name, operator, arguments, start, end: self.at })
    }

    fn length(&mut self) -> Parsed {
        self.operator(|c, length| c == '#' && length == 1)?;
        let name = self.token(Escapes::None, false, |c, _| is_name(c)).ok_or(Failure::BadSubstitution)?;
        self.close()?;
        Ok((name.into(), Operator::Length, Vec::new()))
    }

    fn named(&mut self) -> Parsed {
        let name = self.token(Escapes::None, false, |c, _| is_name(c)).ok_or(Failure::VariableName)?;
        let (operator, arguments) = match self.peek() {
            Some(':') => self.default_or_substring()?,
            Some('=') => self.default_value()?,
            Some(',' | '^') => self.casing()?,
            Some('/') => self.replacement()?,
            Some('#' | '%') => self.trimming()?,
            Some('}') => (Operator::Value, Vec::new()),
            _ => return Err(Failure::MissingBrace.into()),
        };
        self.close()?;
        Ok((name.into(), operator, arguments))
    }

    fn default_or_substring(&mut self) -> Result<(Operator, Vec<Part>), Located> {
        match self.rest().chars().nth(1) {
            Some('=' | '-' | '?' | '+') => self.default_value(),
            Some(c) if c.is_ascii() => self.substring(),
            _ => Err(Failure::BadSubstitution.into()),
        }
    }

    /// Texts and expressions up to the closing brace.
    fn default_value(&mut self) -> Result<(Operator, Vec<Part>), Located> {
        self.at += if self.peek() == Some('=') { 1 } else { 2 };
        let mut arguments = Vec::new();
        while self.peek() != Some('}') {
            arguments.push(self.argument(Escapes::None, |c| c != '}')?);
        }
        Ok((Operator::Default, arguments))
    }

    fn substring(&mut self) -> Result<(Operator, Vec<Part>), Located> {
        self.at += 1;
        let mut arguments = vec![self.argument(Escapes::None, |c| c != ':' && c != '}')?];
        if self.peek() != Some('}') {
            self.operator(|c, _| c == ':')?;
            arguments.push(self.argument(Escapes::None, |c| c != '}')?);
        }
        Ok((Operator::Substring, arguments))
    }

    fn casing(&mut self) -> Result<(Operator, Vec<Part>), Located> {
        let operator = self.operator(|c, length| matches!(c, ',' | '^') && length < 3)?;
        let operator = match operator.as_str() {
            "^" => Operator::UpperFirst,
            "^^" => Operator::Upper,
            "," => Operator::LowerFirst,
            ",," => Operator::Lower,
            // Mixed signs name no function, and Flux's fallback is the default operator.
            _ => Operator::Value,
        };
        Ok((operator, Vec::new()))
    }

    fn replacement(&mut self) -> Result<(Operator, Vec<Part>), Located> {
        let operator = self.operator(|c, length| match length {
            1 => c == '/',
            2 => matches!(c, '/' | '#' | '%'),
            _ => false,
        })?;
        let operator = match operator.as_str() {
            "//" => Operator::ReplaceAll,
            "/#" => Operator::ReplacePrefix,
            "/%" => Operator::ReplaceSuffix,
            _ => Operator::ReplaceFirst,
        };
        let mut arguments = vec![self.argument(Escapes::DollarAndBackslash, |c| c != '/')?];
        self.operator(|c, _| c == '/')?;
        if self.peek() != Some('}') {
            arguments.push(self.argument(Escapes::DollarAndBackslash, |c| c != '}')?);
        }
        Ok((operator, arguments))
    }

    fn trimming(&mut self) -> Result<(Operator, Vec<Part>), Located> {
        let sign = self.peek().unwrap_or('#');
        let operator = self.operator(|c, length| c == sign && length < 3)?;
        let operator = match operator.as_str() {
            "#" => Operator::TrimShortestPrefix,
            "##" => Operator::TrimLongestPrefix,
            "%" => Operator::TrimShortestSuffix,
            _ => Operator::TrimLongestSuffix,
        };
        Ok((operator, vec![self.argument(Escapes::None, |c| c != '}')?]))
    }

    fn operator(&mut self, accept: impl Fn(char, usize) -> bool) -> Result<String, Located> {
        self.token(Escapes::None, false, accept).ok_or_else(|| Failure::BadSubstitution.into())
    }

    /// One text or one expression.
    fn argument(&mut self, escapes: Escapes, accept: impl Fn(char) -> bool) -> Result<Part, Located> {
        if self.at_expression() {
            return self.expression().map(Part::Expression).map_err(Located::Inner);
        }
        let text = self.token(escapes, true, |c, _| accept(c));
        text.map(Part::Text).ok_or_else(|| Failure::Argument.into())
    }

    fn close(&mut self) -> Result<(), Located> {
        if self.peek() != Some('}') {
            return Err(Failure::BadSubstitution.into());
        }
        self.at += 1;
        Ok(())
    }
}

type Parsed = Result<(SmolStr, Operator, Vec<Part>), Located>;

/// A failure of the expression at hand, or of one in its arguments.
enum Located {
    Own(Failure),
    Inner(EnvsubstError),
}

impl Located {
    fn or_at(self, at: usize) -> EnvsubstError {
        match self {
            Self::Own(failure) => EnvsubstError { failure, at },
            Self::Inner(error) => error,
        }
    }
}

impl From<Failure> for Located {
    fn from(failure: Failure) -> Self {
        Self::Own(failure)
    }
}

static LETTER_OR_DIGIT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^[\p{L}\p{Nd}]$").ok());

/// Letters and decimal digits of Unicode, and `_`.
fn is_name(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || c == '_';
    }
    LETTER_OR_DIGIT.as_ref().is_some_and(|pattern| pattern.is_match(c.encode_utf8(&mut [0; 4])))
}

/// All expressions of some parts, those in arguments after the one that holds them.
pub(super) fn expressions(parts: &[Part]) -> Vec<&Expression> {
    let mut found = Vec::new();
    collect(parts, &mut found);
    found
}

fn collect<'a>(parts: &'a [Part], found: &mut Vec<&'a Expression>) {
    for part in parts {
        if let Part::Expression(expression) = part {
            found.push(expression);
            collect(&expression.arguments, found);
        }
    }
}
