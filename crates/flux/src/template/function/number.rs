//! Numbers. Integer arithmetic wraps, as Go's does.

use super::{Function, Parameter, any_of, int_of, text_of};
use crate::template::{TemplateError, Value};

const ANY: Parameter = Parameter::Any;
const INT: Parameter = Parameter::Int;

/// The longest list that `until` makes.
const MAX_COUNT: usize = 100_000;

pub(super) fn find(name: &str) -> Option<Function> {
    match name {
        "int" => Function::of(&[ANY], |v| Ok(Value::Int(to_int(any_of(v, 0))))),
        "int64" => Function::of(&[ANY], |v| Ok(Value::Int64(to_int(any_of(v, 0))))),
        "float64" => Function::of(&[ANY], |v| Ok(Value::Float(to_float(any_of(v, 0))))),
        "atoi" => Function::of(&[Parameter::Text], |v| Ok(Value::Int(go_integer(text_of(v, 0))))),
        "add1" => Function::of(&[ANY], |v| Ok(Value::Int64(to_int(any_of(v, 0)).wrapping_add(1)))),
        "add" => Function::with_rest(&[], ANY, |v| Ok(Value::Int64(v.iter().map(to_int).fold(0, i64::wrapping_add)))),
        "sub" => Function::of(&[ANY, ANY], |v| Ok(Value::Int64(first(v).wrapping_sub(second(v))))),
        "mul" => {
            Function::with_rest(&[ANY], ANY, |v| Ok(Value::Int64(v.iter().map(to_int).fold(1, i64::wrapping_mul))))
        }
        "div" => Function::of(&[ANY, ANY], |v| divided(v, i64::wrapping_div)),
        "mod" => Function::of(&[ANY, ANY], |v| divided(v, i64::wrapping_rem)),
        "max" | "biggest" => {
            Function::with_rest(&[ANY], ANY, |v| Ok(Value::Int64(v.iter().map(to_int).max().unwrap_or(0))))
        }
        "min" => Function::with_rest(&[ANY], ANY, |v| Ok(Value::Int64(v.iter().map(to_int).min().unwrap_or(0)))),
        "maxf" => Function::with_rest(&[ANY], ANY, |v| {
            Ok(Value::Float(v.iter().map(to_float).fold(f64::NEG_INFINITY, f64::max)))
        }),
        "minf" => {
            Function::with_rest(&[ANY], ANY, |v| Ok(Value::Float(v.iter().map(to_float).fold(f64::INFINITY, f64::min))))
        }
        "floor" => Function::of(&[ANY], |v| Ok(Value::Float(to_float(any_of(v, 0)).floor()))),
        "ceil" => Function::of(&[ANY], |v| Ok(Value::Float(to_float(any_of(v, 0)).ceil()))),
        "round" => Function::with_rest(&[ANY, INT], Parameter::Float, round),
        "toDecimal" => Function::of(&[ANY], |v| {
            let text = any_of(v, 0).shown()?;
            Ok(Value::Int64(i64::from_str_radix(&text, 8).unwrap_or(0)))
        }),
        "until" => Function::of(&[INT], |v| {
            let count = int_of(v, 0);
            steps(0, count, if count < 0 { -1 } else { 1 }).map(list)
        }),
        "untilStep" => Function::of(&[INT, INT, INT], |v| steps(int_of(v, 0), int_of(v, 1), int_of(v, 2)).map(list)),
        "seq" => Function::with_rest(&[], INT, sequence),
        _ => None,
    }
}

fn first(values: &[Value]) -> i64 {
    to_int(any_of(values, 0))
}

fn second(values: &[Value]) -> i64 {
    to_int(any_of(values, 1))
}

fn divided(values: &[Value], operation: fn(i64, i64) -> i64) -> Result<Value, TemplateError> {
    match second(values) {
        0 => Err(TemplateError::wrong("division by zero")),
        by => Ok(Value::Int64(operation(first(values), by))),
    }
}

/// Any value as an integer: 0 where it is none.
pub(super) fn to_int(value: &Value) -> i64 {
    match value {
        Value::Int(value) | Value::Int64(value) => *value,
        // Out of range Go gives what the processor gives.
        Value::Float(value) if value.is_nan() || value.abs() >= 9_223_372_036_854_775_808.0 => i64::MIN,
        Value::Float(value) => *value as i64,
        Value::Bool(value) => i64::from(*value),
        Value::Text(text) => go_integer(text),
        _ => 0,
    }
}

/// `strconv.ParseInt(text, 10, 64)`, 0 where it fails.
fn go_integer(text: &str) -> i64 {
    text.parse().unwrap_or(0)
}

fn to_float(value: &Value) -> f64 {
    match value {
        Value::Int(value) | Value::Int64(value) => *value as f64,
        Value::Float(value) => *value,
        Value::Bool(value) => f64::from(u8::from(*value)),
        Value::Text(text) => text.parse().unwrap_or(0.0),
        _ => 0.0,
    }
}

fn round(values: &[Value]) -> Result<Value, TemplateError> {
    let value = to_float(any_of(values, 0));
    let scale = 10_f64.powf(int_of(values, 1) as f64);
    let limit = match values.get(2) {
        Some(Value::Float(limit)) => *limit,
        _ => 0.5,
    };
    let digit = scale * value;
    let rounded = if digit.fract() >= limit { digit.ceil() } else { digit.floor() };
    Ok(Value::Float(rounded / scale))
}

fn steps(start: i64, stop: i64, step: i64) -> Result<Vec<i64>, TemplateError> {
    let mut found = Vec::new();
    if (stop < start) == (step >= 0) || step == 0 {
        return Ok(found);
    }
    let mut at = start;
    while if step > 0 { at < stop } else { at > stop } {
        if found.len() >= MAX_COUNT {
            return Err(TemplateError::wrong(format!("more than {MAX_COUNT} steps")));
        }
        found.push(at);
        let Some(next) = at.checked_add(step) else { break };
        at = next;
    }
    Ok(found)
}

fn list(numbers: Vec<i64>) -> Value {
    Value::list(numbers.into_iter().map(Value::Int).collect())
}

/// `seq END`, `seq START END`, `seq START STEP END`
fn sequence(values: &[Value]) -> Result<Value, TemplateError> {
    let towards = |start: i64, end: i64| if end < start { -1 } else { 1 };
    let (start, step, end) = match values.len() {
        1 => (1, towards(1, int_of(values, 0)), int_of(values, 0)),
        2 => (int_of(values, 0), towards(int_of(values, 0), int_of(values, 1)), int_of(values, 1)),
        3 => (int_of(values, 0), int_of(values, 1), int_of(values, 2)),
        _ => return Ok(Value::text("")),
    };
    if end < start && step > 0 {
        return Ok(Value::text(""));
    }
    let found = steps(start, end.saturating_add(towards(start, end)), step)?;
    Ok(Value::text(found.iter().map(i64::to_string).collect::<Vec<_>>().join(" ")))
}
