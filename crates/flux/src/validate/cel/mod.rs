//! The part of CEL that the rules of Flux's kinds are written in. What is outside of it is not evaluated, and never guessed.
//!
//! A crate for all of CEL costs more than the linter's own parsers together; the rules use comparisons, logic, `has`,
//! `size`, a few functions of strings and three macros over lists.

mod evaluate;
mod fault;
mod lexer;
mod parser;
mod value;

#[cfg(test)]
mod tests;

use fleetlint_yaml::Node;

use crate::kinds::{Field, Scope};
use evaluate::Evaluator;
use fault::Fault;
use value::{Value, View};

/// What a rule comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Holds,
    Broken,
    /// It cannot be evaluated over this value, which the server takes for broken: a key is missing, a type is wrong.
    Fails,
    /// The evaluator does not know what it comes to.
    Unknown,
}

/// Evaluates a rule, `self` being a value of a field. One that compares with the object before does not judge this one.
pub(super) fn evaluate(rule: &str, node: &Node, field: Field, scope: Scope<'_>) -> Outcome {
    let Some(expression) = parser::parse(rule) else { return Outcome::Unknown };
    if expression.names("oldSelf") {
        return Outcome::Holds;
    }
    let own = Value::View(View { node, field: Some(field) });
    match Evaluator::new(scope, own).evaluate(&expression) {
        Ok(Value::Bool(true)) => Outcome::Holds,
        Ok(Value::Bool(false)) => Outcome::Broken,
        Err(Fault::Unsupported) => Outcome::Unknown,
        Ok(_) | Err(Fault::Fails) => Outcome::Fails,
    }
}

/// Whether an expression can be read.
#[cfg(test)]
pub(super) fn is_read(rule: &str) -> bool {
    parser::parse(rule).is_some()
}
