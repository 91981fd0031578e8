//! Comparisons, truth, and what types values have.

use std::cmp::Ordering;

use super::{Function, Parameter, any_of, text_of};
use crate::template::{TemplateError, Value};

const ANY: Parameter = Parameter::Any;

pub(super) fn find(name: &str) -> Option<Function> {
    match name {
        "eq" => Function::with_rest(&[ANY], ANY, |v| {
            let (first, others) = v.split_first().ok_or_else(missing)?;
            if others.is_empty() {
                return Err(missing());
            }
            for other in others {
                if equal(first, other)? {
                    return Ok(Value::Bool(true));
                }
            }
            Ok(Value::Bool(false))
        }),
        "ne" => Function::of(&[ANY, ANY], |v| Ok(Value::Bool(!equal(any_of(v, 0), any_of(v, 1))?))),
        "lt" => Function::of(&[ANY, ANY], |v| Ok(Value::Bool(order(v)? == Some(Ordering::Less)))),
        "le" => Function::of(&[ANY, ANY], |v| Ok(Value::Bool(order(v)?.is_some_and(Ordering::is_le)))),
        "gt" => Function::of(&[ANY, ANY], |v| {
            // Go defines it as the opposite of `le`.
            Ok(Value::Bool(!order(v)?.is_some_and(Ordering::is_le)))
        }),
        "ge" => Function::of(&[ANY, ANY], |v| Ok(Value::Bool(order(v)? != Some(Ordering::Less)))),
        "not" => Function::of(&[ANY], |v| Ok(Value::Bool(!any_of(v, 0).is_true()))),
        "empty" => Function::of(&[ANY], |v| Ok(Value::Bool(!any_of(v, 0).is_true()))),
        "default" => Function::with_rest(&[ANY], ANY, |v| {
            Ok(v.get(1).filter(|given| given.is_true()).unwrap_or(any_of(v, 0)).clone())
        }),
        "coalesce" => {
            Function::with_rest(&[], ANY, |v| Ok(v.iter().find(|it| it.is_true()).cloned().unwrap_or_default()))
        }
        "all" => Function::with_rest(&[], ANY, |v| Ok(Value::Bool(v.iter().all(Value::is_true)))),
        "any" => Function::with_rest(&[], ANY, |v| Ok(Value::Bool(v.iter().any(Value::is_true)))),
        "ternary" => Function::of(&[ANY, ANY, Parameter::Bool], |v| {
            Ok(any_of(v, usize::from(any_of(v, 2) != &Value::Bool(true))).clone())
        }),
        "deepEqual" => Function::of(&[ANY, ANY], |v| Ok(Value::Bool(any_of(v, 0) == any_of(v, 1)))),
        "typeOf" => Function::of(&[ANY], |v| Ok(Value::text(any_of(v, 0).type_name()))),
        "kindOf" => Function::of(&[ANY], |v| Ok(Value::text(kind(any_of(v, 0))))),
        "typeIs" | "typeIsLike" => {
            Function::of(&[Parameter::Text, ANY], |v| Ok(Value::Bool(any_of(v, 1).type_name() == text_of(v, 0))))
        }
        "kindIs" => Function::of(&[Parameter::Text, ANY], |v| Ok(Value::Bool(kind(any_of(v, 1)) == text_of(v, 0)))),
        "fail" => Function::of(&[Parameter::Text], |v| Err(TemplateError::wrong(text_of(v, 0)))),
        _ => None,
    }
}

fn missing() -> TemplateError {
    TemplateError::wrong("missing argument for comparison")
}

/// Go's name of the kind.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Nil | Value::Unknown(_) => "invalid",
        Value::List(_) => "slice",
        Value::Map(_) => "map",
        other => other.type_name(),
    }
}

fn incomparable(a: &Value, b: &Value) -> TemplateError {
    TemplateError::wrong(format!("incompatible types for comparison: {} and {}", a.type_name(), b.type_name()))
}

fn equal(a: &Value, b: &Value) -> Result<bool, TemplateError> {
    match (a, b) {
        (Value::Int(a) | Value::Int64(a), Value::Int(b) | Value::Int64(b)) => Ok(a == b),
        (Value::Float(a), Value::Float(b)) => Ok(a == b),
        (Value::Bool(a), Value::Bool(b)) => Ok(a == b),
        (Value::Text(a), Value::Text(b)) => Ok(a == b),
        (Value::Nil, other) | (other, Value::Nil) => Ok(matches!(other, Value::Nil)),
        (Value::List(_), Value::List(_)) | (Value::Map(_), Value::Map(_)) => {
            Err(TemplateError::wrong(format!("values of type {} cannot be compared", a.type_name())))
        }
        (Value::List(_), Value::Map(_)) | (Value::Map(_), Value::List(_)) => {
            Err(TemplateError::wrong(format!("values of type {} cannot be compared", a.type_name())))
        }
        _ => Err(incomparable(a, b)),
    }
}

fn order(values: &[Value]) -> Result<Option<Ordering>, TemplateError> {
    match (any_of(values, 0), any_of(values, 1)) {
        (Value::Int(a) | Value::Int64(a), Value::Int(b) | Value::Int64(b)) => Ok(Some(a.cmp(b))),
        (Value::Float(a), Value::Float(b)) => Ok(a.partial_cmp(b)),
        (Value::Text(a), Value::Text(b)) => Ok(Some(a.cmp(b))),
        (a, b) => Err(incomparable(a, b)),
    }
}
