//! Go's `text/template` with the delimiters `<<` and `>>` and the functions that the Flux Operator offers in ResourceSets
//! (domain-facts section 7). Written here: no maintained crate has Go's typing rules and sprig's functions without panics.

mod evaluate;
mod fault;
mod function;
mod items;
mod lexer;
mod number;
mod parser;
mod tree;
mod value;

use std::ops::Range;

pub use fault::{FaultKind, TemplateError};
pub use function::checksum;
pub use value::Value;

/// A parsed template.
#[derive(Debug)]
pub struct Template {
    nodes: Vec<tree::Node>,
    defined: Vec<(String, Vec<tree::Node>)>,
}

/// What a template makes of an input.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rendered {
    pub text: String,
    /// Where the text comes from, in its order, without gaps.
    pub pieces: Vec<Piece>,
}

/// A piece of the result.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// Where it is in the result, in bytes.
    pub at: Range<usize>,
    /// What made it, in bytes of the template: text as it is, or a whole action.
    pub from: Range<usize>,
    pub kind: PieceKind,
}

/// What made a piece of the result.
#[derive(Clone, Debug, PartialEq)]
pub enum PieceKind {
    /// Text outside actions: it is in the template as it is.
    Text,
    /// An action; with the steps of a path below `inputs` where it is nothing but this path: keys, and positions in lists.
    Action(Option<Vec<String>>),
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// What Go's parser refuses, and functions that this one does not know.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        parser::parse(text)
    }

    /// Evaluates a template for one set of inputs: a map, or [`Value::Nil`] where there are none.
    ///
    /// # Errors
    /// What Go refuses when it executes the template; values that are not known; results that grow without bounds.
    pub fn render(&self, inputs: &Value) -> Result<Rendered, TemplateError> {
        evaluate::render(self, inputs)
    }
}
