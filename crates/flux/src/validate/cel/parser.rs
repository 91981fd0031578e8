//! From text to an expression.

use super::lexer::{Token, tokens};

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expression {
    Text(String),
    Int(i64),
    Bool(bool),
    Null,
    Name(String),
    List(Vec<Expression>),
    /// `a.b`
    Select(Box<Expression>, String),
    /// `a[b]`
    Index(Box<Expression>, Box<Expression>),
    /// `a.f(b)` or `f(b)`
    Call(Option<Box<Expression>>, String, Vec<Expression>),
    Not(Box<Expression>),
    Negative(Box<Expression>),
    /// `a && b` and the like, comparisons too.
    Binary(&'static str, Box<Expression>, Box<Expression>),
    /// `a ? b : c`
    Choice(Box<[Expression; 3]>),
}

/// Deeper ones are not read. The rules of Flux need a handful of levels.
const MAX_DEPTH: usize = 64;

/// The operators by how tight they bind, the loosest first.
const LEVELS: [&[&str]; 4] = [&["||"], &["&&"], &["==", "!=", "<=", ">=", "<", ">", "in"], &["+", "-"]];

/// Reads an expression; `None` for what is none, or outside of what is read.
pub(super) fn parse(text: &str) -> Option<Expression> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0, depth: 0 };
    let expression = parser.expression()?;
    (parser.at == parser.tokens.len()).then_some(expression)
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn expression(&mut self) -> Option<Expression> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let condition = self.level(0)?;
        let expression = match self.takes("?") {
            false => condition,
            true => {
                let then = self.expression()?;
                self.expects(":")?;
                Expression::Choice(Box::new([condition, then, self.expression()?]))
            }
        };
        self.depth -= 1;
        Some(expression)
    }

    fn level(&mut self, level: usize) -> Option<Expression> {
        let Some(signs) = LEVELS.get(level) else { return self.unary() };
        let mut left = self.level(level + 1)?;
        while let Some(sign) = signs.iter().find(|sign| self.is_next(sign)) {
            self.at += 1;
            left = Expression::Binary(sign, Box::new(left), Box::new(self.level(level + 1)?));
        }
        Some(left)
    }

    fn unary(&mut self) -> Option<Expression> {
        let mut signs = Vec::new();
        while let Some(sign) = ["!", "-"].into_iter().find(|sign| self.is_next(sign)) {
            self.at += 1;
            signs.push(sign);
        }
        if signs.len() > MAX_DEPTH {
            return None;
        }
        let inner = self.member()?;
        Some(signs.iter().rev().fold(inner, |inner, sign| match *sign {
            "!" => Expression::Not(Box::new(inner)),
            _ => Expression::Negative(Box::new(inner)),
        }))
    }

    fn member(&mut self) -> Option<Expression> {
        let (mut expression, mut count) = (self.primary()?, 0);
        loop {
            count += 1;
            expression = match () {
                () if count > MAX_DEPTH => return None,
                () if self.takes(".") => {
                    let name = self.name()?;
                    match self.takes("(") {
                        true => Expression::Call(Some(Box::new(expression)), name, self.list(")")?),
                        false => Expression::Select(Box::new(expression), name),
                    }
                }
                () if self.takes("[") => {
                    let index = self.expression()?;
                    self.expects("]")?;
                    Expression::Index(Box::new(expression), Box::new(index))
                }
                () => return Some(expression),
            };
        }
    }

    fn primary(&mut self) -> Option<Expression> {
        let token = self.tokens.get(self.at)?.clone();
        self.at += 1;
        Some(match token {
            Token::Text(text) => Expression::Text(text),
            Token::Int(value) => Expression::Int(value),
            Token::Sign("(") => {
                let inner = self.expression()?;
                self.expects(")")?;
                inner
            }
            Token::Sign("[") => Expression::List(self.list("]")?),
            Token::Sign(_) => return None,
            Token::Name(name) => match name.as_str() {
                "true" => Expression::Bool(true),
                "false" => Expression::Bool(false),
                "null" => Expression::Null,
                _ if self.takes("(") => Expression::Call(None, name, self.list(")")?),
                _ => Expression::Name(name),
            },
        })
    }

    /// Expressions up to a bracket.
    fn list(&mut self, end: &'static str) -> Option<Vec<Expression>> {
        let mut items = Vec::new();
        while !self.takes(end) {
            if !items.is_empty() {
                self.expects(",")?;
            }
            items.push(self.expression()?);
        }
        Some(items)
    }

    fn name(&mut self) -> Option<String> {
        let Some(Token::Name(name)) = self.tokens.get(self.at) else { return None };
        self.at += 1;
        Some(name.clone())
    }

    fn is_next(&self, sign: &str) -> bool {
        match self.tokens.get(self.at) {
            Some(Token::Sign(next)) => *next == sign,
            Some(Token::Name(name)) => sign == "in" && name == "in",
            _ => false,
        }
    }

    fn takes(&mut self, sign: &str) -> bool {
        let is_next = self.is_next(sign);
        self.at += usize::from(is_next);
        is_next
    }

    fn expects(&mut self, sign: &str) -> Option<()> {
        self.takes(sign).then_some(())
    }
}

impl Expression {
    /// Whether it reads a variable.
    pub(super) fn names(&self, variable: &str) -> bool {
        match self {
            Self::Name(name) => name == variable,
            Self::Text(_) | Self::Int(_) | Self::Bool(_) | Self::Null => false,
            Self::List(items) => items.iter().any(|item| item.names(variable)),
            Self::Select(inner, _) | Self::Not(inner) | Self::Negative(inner) => inner.names(variable),
            Self::Index(left, right) | Self::Binary(_, left, right) => left.names(variable) || right.names(variable),
            Self::Call(target, _, arguments) => {
                target.iter().any(|it| it.names(variable)) || arguments.iter().any(|it| it.names(variable))
            }
            Self::Choice(parts) => parts.iter().any(|part| part.names(variable)),
        }
    }
}
