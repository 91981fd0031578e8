//! The functions of templates: Go's own and those of slim-sprig that give the same result every time.

mod collection;
mod compare;
mod encode;
mod escape;
mod number;
mod print;
mod regex;
mod slug;
mod text;
mod time;
mod url;

pub use encode::adler32 as checksum;

use super::{TemplateError, Value};

/// A function: what it takes and what it does.
pub(super) struct Function {
    parameters: &'static [Parameter],
    /// The type of all further arguments.
    rest: Option<Parameter>,
    pub call: fn(&[Value]) -> Result<Value, TemplateError>,
}

/// The type of a parameter, as Go declares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parameter {
    Any,
    Text,
    Int,
    Float,
    Bool,
    Map,
}

/// Whether a function can be called here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Support {
    Known,
    /// The operator has it; what it gives is not known here, and why.
    Unknowable(&'static str),
    /// The operator does not have it either.
    None,
}

/// Whether a function can be called here.
pub(super) fn support(name: &str) -> Support {
    match name {
        "inputs" | "and" | "or" => Support::Known,
        _ if find(name).is_some() => Support::Known,
        _ => time::unknowable(name).map_or(Support::None, Support::Unknowable),
    }
}

/// A function by its name.
pub(super) fn find(name: &str) -> Option<Function> {
    compare::find(name)
        .or_else(|| print::find(name))
        .or_else(|| text::find(name))
        .or_else(|| collection::find(name))
        .or_else(|| number::find(name))
        .or_else(|| encode::find(name))
        .or_else(|| regex::find(name))
        .or_else(|| slug::find(name))
        .or_else(|| escape::find(name))
        .or_else(|| time::find(name))
        .or_else(|| url::find(name))
}

impl Function {
    /// A function of fixed arguments.
    const fn of(parameters: &'static [Parameter], call: fn(&[Value]) -> Result<Value, TemplateError>) -> Option<Self> {
        Some(Self { parameters, rest: None, call })
    }

    /// A function with any number of further arguments.
    const fn with_rest(
        parameters: &'static [Parameter],
        rest: Parameter,
        call: fn(&[Value]) -> Result<Value, TemplateError>,
    ) -> Option<Self> {
        Some(Self { parameters, rest: Some(rest), call })
    }

    /// The type of an argument.
    pub(super) fn parameter(&self, index: usize) -> Parameter {
        self.parameters.get(index).copied().or(self.rest).unwrap_or(Parameter::Any)
    }

    /// Refuses a wrong number of arguments.
    pub(super) fn check_count(&self, name: &str, count: usize) -> Result<(), TemplateError> {
        let wanted = self.parameters.len();
        if count == wanted || (self.rest.is_some() && count > wanted) {
            return Ok(());
        }
        let least = if self.rest.is_some() { "at least " } else { "" };
        Err(TemplateError::wrong(format!("`{name}` takes {least}{wanted} arguments, not {count}")))
    }
}

impl Parameter {
    /// The value as the parameter takes it. Go converts nothing.
    pub(super) fn check(self, value: Value) -> Result<Value, TemplateError> {
        let wanted = match (self, &value) {
            (_, Value::Unknown(why)) => return Err(TemplateError::undetermined(why.as_str())),
            (Self::Any, _)
            | (Self::Text, Value::Text(_))
            | (Self::Int, Value::Int(_))
            | (Self::Float, Value::Float(_))
            | (Self::Bool, Value::Bool(_))
            | (Self::Map, Value::Map(_)) => return Ok(value),
            (Self::Text, _) => "a string",
            (Self::Int, _) => "an int",
            (Self::Float, _) => "a float64",
            (Self::Bool, _) => "a bool",
            (Self::Map, _) => "a map",
        };
        Err(TemplateError::wrong(format!("expected {wanted}, not a {}", value.type_name())))
    }
}

/// A text argument.
fn text_of(values: &[Value], index: usize) -> &str {
    match values.get(index) {
        Some(Value::Text(text)) => text,
        _ => "",
    }
}

/// An integer argument.
fn int_of(values: &[Value], index: usize) -> i64 {
    match values.get(index) {
        Some(Value::Int(value) | Value::Int64(value)) => *value,
        _ => 0,
    }
}

/// An argument of any type.
fn any_of(values: &[Value], index: usize) -> &Value {
    values.get(index).unwrap_or(&Value::Nil)
}

/// A count as Go's `int`.
fn count(count: usize) -> Value {
    Value::Int(i64::try_from(count).unwrap_or(i64::MAX))
}
