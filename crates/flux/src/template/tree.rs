//! The parsed form of a template.

use std::ops::Range;

/// A part of a template.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Text { text: String, at: Range<usize> },
    Action { pipeline: Pipeline, at: Range<usize> },
    If { pipeline: Pipeline, then: Vec<Node>, otherwise: Vec<Node>, at: Range<usize> },
    With { pipeline: Pipeline, then: Vec<Node>, otherwise: Vec<Node>, at: Range<usize> },
    Range { pipeline: Pipeline, then: Vec<Node>, otherwise: Vec<Node>, at: Range<usize> },
    Template { name: String, pipeline: Option<Pipeline>, at: Range<usize> },
    Break,
    Continue,
}

/// `$a, $b := command | command`
#[derive(Clone, Debug, Default)]
pub(super) struct Pipeline {
    /// The variables, with their `$`.
    pub variables: Vec<String>,
    /// `=` instead of `:=`
    pub assigns: bool,
    pub commands: Vec<Vec<Operand>>,
}

/// An operand: the first one of a command may be a function.
#[derive(Clone, Debug)]
pub(super) enum Operand {
    Dot,
    Nil,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    /// `.a.b`
    Field(Vec<String>),
    /// `$x.a.b`
    Variable(String, Vec<String>),
    /// A function, with the fields after it.
    Function(String, Vec<String>),
    /// `(…).a.b`
    Pipeline(Box<Pipeline>, Vec<String>),
}
