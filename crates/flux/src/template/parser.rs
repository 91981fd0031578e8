//! Tokens to a tree, by the grammar of Go's templates.

use std::ops::Range;

use super::lexer::{self, Kind, Token};
use super::number::number;
use super::tree::{Node, Operand, Pipeline};
use super::{Template, TemplateError, function};

/// How deep actions and parentheses may be nested.
const MAX_DEPTH: usize = 100;

pub(super) fn parse(text: &str) -> Result<Template, TemplateError> {
    let tokens = lexer::tokens(text)?;
    let mut parser = Parser {
        tokens: &tokens,
        next: 0,
        action: 0..0,
        scope: vec!["$".to_owned()],
        defined: vec![],
        depth: 0,
        ranges: 0,
    };
    let (nodes, end) = parser.list()?;
    match end {
        Stop::File => Ok(Template { nodes, defined: parser.defined }),
        Stop::Else => parser.fail("unexpected `else`"),
        Stop::End => parser.fail("unexpected `end`"),
    }
}

struct Parser<'a> {
    tokens: &'a [Token],
    next: usize,
    /// The action that is being read.
    action: Range<usize>,
    /// The variables that are defined here.
    scope: Vec<String>,
    defined: Vec<(String, Vec<Node>)>,
    depth: usize,
    ranges: usize,
}

/// What ends a list of nodes. `Else` leaves what follows it in its action.
#[derive(PartialEq)]
enum Stop {
    File,
    Else,
    End,
}

impl Parser<'_> {
    fn fail<T>(&self, message: impl Into<String>) -> Result<T, TemplateError> {
        Err(TemplateError::wrong(message).within(&self.action))
    }

    fn peek(&self) -> Option<&Kind> {
        self.tokens.get(self.next).map(|token| &token.kind)
    }

    fn skip_space(&mut self) {
        while self.peek() == Some(&Kind::Space) {
            self.next += 1;
        }
    }

    fn take(&mut self, kind: &Kind) -> bool {
        let is_there = self.peek() == Some(kind);
        self.next += usize::from(is_there);
        is_there
    }

    fn take_word(&mut self, word: &str) -> bool {
        let is_there = matches!(self.peek(), Some(Kind::Word(found)) if found == word);
        self.next += usize::from(is_there);
        is_there
    }

    fn close(&mut self, context: &str) -> Result<(), TemplateError> {
        self.skip_space();
        if self.take(&Kind::Right) { Ok(()) } else { self.fail(format!("unexpected text in `{context}`")) }
    }

    fn deeper(&mut self) -> Result<(), TemplateError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { self.fail("actions are nested too deep") } else { Ok(()) }
    }

    fn list(&mut self) -> Result<(Vec<Node>, Stop), TemplateError> {
        let mut nodes = Vec::new();
        loop {
            let Some(token) = self.tokens.get(self.next) else { return Ok((nodes, Stop::File)) };
            self.next += 1;
            if let Kind::Text(text) = &token.kind {
                nodes.push(Node::Text { text: text.clone(), at: token.at.clone() });
                continue;
            }
            let right = self.tokens.iter().skip(self.next).find(|token| token.kind == Kind::Right);
            self.action = token.at.start..right.map_or(token.at.end, |right| right.at.end);
            self.skip_space();
            if self.take_word("end") {
                self.close("end")?;
                return Ok((nodes, Stop::End));
            }
            if self.take_word("else") {
                return Ok((nodes, Stop::Else));
            }
            if let Some(node) = self.action()? {
                nodes.push(node);
            }
        }
    }

    /// An action whose delimiter is read; `None` for a definition.
    fn action(&mut self) -> Result<Option<Node>, TemplateError> {
        let at = self.action.clone();
        let word = match self.peek() {
            Some(Kind::Word(word)) => word.clone(),
            _ => String::new(),
        };
        self.next += usize::from(is_keyword(&word));
        match word.as_str() {
            "if" | "with" | "range" => self.control(&word).map(Some),
            "break" | "continue" => {
                self.close(&word)?;
                if self.ranges == 0 {
                    return self.fail(format!("`{word}` outside of `range`"));
                }
                Ok(Some(if word == "break" { Node::Break } else { Node::Continue }))
            }
            "template" => {
                let name = self.template_name(&word)?;
                self.skip_space();
                let pipeline = match self.take(&Kind::Right) {
                    true => None,
                    false => Some(self.pipeline(&word, &Kind::Right)?),
                };
                Ok(Some(Node::Template { name, pipeline, at }))
            }
            "define" => {
                let name = self.template_name(&word)?;
                self.close(&word)?;
                self.define(name)?;
                Ok(None)
            }
            "block" => {
                let name = self.template_name(&word)?;
                let pipeline = Some(self.pipeline(&word, &Kind::Right)?);
                self.define(name.clone())?;
                Ok(Some(Node::Template { name, pipeline, at }))
            }
            _ => Ok(Some(Node::Action { pipeline: self.pipeline("command", &Kind::Right)?, at })),
        }
    }

    fn template_name(&mut self, context: &str) -> Result<String, TemplateError> {
        self.skip_space();
        match self.peek() {
            Some(Kind::Quoted(name)) => {
                let name = name.clone();
                self.next += 1;
                Ok(name)
            }
            _ => self.fail(format!("`{context}` needs a name in quotes")),
        }
    }

    fn define(&mut self, name: String) -> Result<(), TemplateError> {
        self.deeper()?;
        let scope = std::mem::replace(&mut self.scope, vec!["$".to_owned()]);
        let ranges = std::mem::take(&mut self.ranges);
        let (nodes, end) = self.list()?;
        if end != Stop::End {
            return self.fail("expected `end`");
        }
        (self.scope, self.ranges) = (scope, ranges);
        self.depth -= 1;
        self.defined.push((name, nodes));
        Ok(())
    }

    fn control(&mut self, word: &str) -> Result<Node, TemplateError> {
        self.deeper()?;
        let at = self.action.clone();
        let known = self.scope.len();
        let pipeline = self.pipeline(word, &Kind::Right)?;
        let is_range = usize::from(word == "range");
        self.ranges += is_range;
        let (then, end) = self.list()?;
        self.ranges -= is_range;
        let otherwise = match end {
            Stop::End => Vec::new(),
            Stop::File => return self.fail(format!("`{word}` has no `end`")),
            Stop::Else => self.otherwise(word)?,
        };
        self.scope.truncate(known);
        self.depth -= 1;
        Ok(match word {
            "if" => Node::If { pipeline, then, otherwise, at },
            "with" => Node::With { pipeline, then, otherwise, at },
            _ => Node::Range { pipeline, then, otherwise, at },
        })
    }

    /// What follows `else`; `else if` and `else with` share the `end` of what they follow.
    fn otherwise(&mut self, word: &str) -> Result<Vec<Node>, TemplateError> {
        self.skip_space();
        if word != "range" && self.take_word(word) {
            return Ok(vec![self.control(word)?]);
        }
        self.close("else")?;
        match self.list()? {
            (nodes, Stop::End) => Ok(nodes),
            _ => self.fail("expected `end`"),
        }
    }

    fn pipeline(&mut self, context: &str, end: &Kind) -> Result<Pipeline, TemplateError> {
        let mut pipeline = Pipeline::default();
        self.declarations(context, &mut pipeline)?;
        loop {
            self.skip_space();
            if self.take(end) {
                break;
            }
            let command = self.command()?;
            let first = command.first();
            let is_constant = matches!(
                first,
                Some(
                    Operand::Bool(_)
                        | Operand::Dot
                        | Operand::Nil
                        | Operand::Int(_)
                        | Operand::Float(_)
                        | Operand::Text(_)
                )
            );
            if is_constant && !pipeline.commands.is_empty() {
                return self.fail("a constant cannot take what the pipeline passes to it");
            }
            pipeline.commands.push(command);
        }
        if pipeline.commands.is_empty() {
            return self.fail(format!("missing value for `{context}`"));
        }
        Ok(pipeline)
    }

    fn declarations(&mut self, context: &str, pipeline: &mut Pipeline) -> Result<(), TemplateError> {
        loop {
            self.skip_space();
            let before = self.next;
            let Some(Kind::Variable(name)) = self.peek() else { return Ok(()) };
            let name = name.clone();
            self.next += 1;
            self.skip_space();
            if self.take(&Kind::Declare) {
                pipeline.variables.push(name.clone());
                self.scope.push(name);
                return Ok(());
            }
            if self.take(&Kind::Assign) {
                self.defined(&name)?;
                pipeline.assigns = true;
                pipeline.variables.push(name);
                return Ok(());
            }
            if !self.take(&Kind::Comma) {
                self.next = before;
                return Ok(());
            }
            if context != "range" || !pipeline.variables.is_empty() {
                return self.fail(format!("too many declarations in `{context}`"));
            }
            pipeline.variables.push(name.clone());
            self.scope.push(name);
        }
    }

    fn defined(&self, name: &str) -> Result<(), TemplateError> {
        if self.scope.iter().any(|known| known == name) {
            return Ok(());
        }
        self.fail(format!("variable `{name}` is not defined"))
    }

    fn command(&mut self) -> Result<Vec<Operand>, TemplateError> {
        let mut operands = Vec::new();
        loop {
            self.skip_space();
            if let Some(operand) = self.operand()? {
                operands.push(operand);
            }
            match self.peek() {
                Some(Kind::Space) => {}
                Some(Kind::Pipe) => {
                    self.next += 1;
                    self.skip_space();
                    if matches!(self.peek(), Some(Kind::Right | Kind::Close) | None) {
                        return self.fail("missing command after `|`");
                    }
                    break;
                }
                Some(Kind::Right | Kind::Close) => break,
                _ => return self.fail("unexpected text in a command"),
            }
        }
        if operands.is_empty() { self.fail("empty command") } else { Ok(operands) }
    }

    fn operand(&mut self) -> Result<Option<Operand>, TemplateError> {
        let Some(kind) = self.peek().cloned() else { return Ok(None) };
        self.next += 1;
        let operand = match kind {
            Kind::Dot => Operand::Dot,
            Kind::Word(word) => self.word(word)?,
            Kind::Variable(name) => {
                self.defined(&name)?;
                Operand::Variable(name, self.fields())
            }
            Kind::Field(name) => {
                let mut names = vec![name];
                names.extend(self.fields());
                Operand::Field(names)
            }
            Kind::Number(text) => number(&text).map_or_else(|| self.fail(format!("`{text}` is not a number")), Ok)?,
            Kind::Char(text) => {
                let mut chars = text.chars();
                match (chars.next(), chars.next()) {
                    (Some(c), None) => Operand::Int(i64::from(u32::from(c))),
                    _ => return self.fail(format!("`'{text}'` is not a character: strings need double quotes")),
                }
            }
            Kind::Quoted(text) => Operand::Text(text),
            Kind::Open => {
                self.deeper()?;
                let known = self.scope.len();
                let pipeline = self.pipeline("parentheses", &Kind::Close)?;
                self.scope.truncate(known);
                self.depth -= 1;
                Operand::Pipeline(Box::new(pipeline), self.fields())
            }
            _ => {
                self.next -= 1;
                return Ok(None);
            }
        };
        if matches!(self.peek(), Some(Kind::Field(_))) {
            return self.fail("unexpected `.` after a constant");
        }
        Ok(Some(operand))
    }

    fn word(&mut self, word: String) -> Result<Operand, TemplateError> {
        Ok(match word.as_str() {
            "true" | "false" => Operand::Bool(word == "true"),
            "nil" => Operand::Nil,
            _ if is_keyword(&word) || word == "end" || word == "else" => {
                return self.fail(format!("unexpected `{word}` in an action"));
            }
            _ => match function::support(&word) {
                function::Support::Known => Operand::Function(word, self.fields()),
                function::Support::Unknowable(why) => {
                    let message = format!("the template function `{word}` {why}");
                    return Err(TemplateError::undetermined(message).within(&self.action));
                }
                function::Support::None => return self.fail(format!("function `{word}` is not defined")),
            },
        })
    }

    fn fields(&mut self) -> Vec<String> {
        let mut names = Vec::new();
        while let Some(Kind::Field(name)) = self.peek() {
            names.push(name.clone());
            self.next += 1;
        }
        names
    }
}

fn is_keyword(word: &str) -> bool {
    matches!(word, "if" | "with" | "range" | "break" | "continue" | "template" | "define" | "block")
}
