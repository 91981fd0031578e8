//! Durations of slim-sprig. What depends on the clock or the time zone of the operator is not known here.

use super::{Function, Parameter, any_of};
use crate::template::{TemplateError, Value};

const SECOND: i64 = 1_000_000_000;

/// Functions that the operator has, each with what its result depends on.
const ELSEWHERE: [(&str, &str); 8] = [
    ("toDate", "depends on the time zone of the operator"),
    ("mustToDate", "depends on the time zone of the operator"),
    ("unixEpoch", "depends on the time zone of the operator"),
    ("mustDateModify", "depends on the time zone of the operator"),
    ("must_date_modify", "depends on the time zone of the operator"),
    ("ago", "depends on the clock"),
    ("randInt", "depends on chance"),
    ("call", "calls a function, of which templates get none"),
];

/// Why the result of a function is not known here.
pub(super) fn unknowable(name: &str) -> Option<&'static str> {
    ELSEWHERE.iter().find(|(known, _)| *known == name).map(|(_, why)| *why)
}

pub(super) fn find(name: &str) -> Option<Function> {
    match name {
        "hello" => Function::of(&[], |_| Ok(Value::text("Hello!"))),
        "duration" => Function::of(&[Parameter::Any], |v| {
            let seconds = match any_of(v, 0) {
                Value::Text(text) => text.parse().unwrap_or_default(),
                Value::Int64(value) => *value,
                _ => 0,
            };
            Ok(Value::text(shown(seconds.wrapping_mul(SECOND))))
        }),
        "durationRound" => Function::of(&[Parameter::Any], |v| {
            let nanoseconds = match any_of(v, 0) {
                Value::Text(text) => parsed(text)?,
                Value::Int64(value) => *value,
                _ => 0,
            };
            Ok(Value::text(rounded(nanoseconds.unsigned_abs())))
        }),
        _ => None,
    }
}

/// Whole seconds as Go prints a duration: `1h0m3s`.
fn shown(nanoseconds: i64) -> String {
    let (sign, size) = (if nanoseconds < 0 { "-" } else { "" }, nanoseconds.unsigned_abs());
    let (whole, part) = (size / SECOND.unsigned_abs(), size % SECOND.unsigned_abs());
    let part = if part == 0 { String::new() } else { format!(".{part:09}").trim_end_matches('0').to_owned() };
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    match (hours, minutes) {
        (0, 0) => format!("{sign}{seconds}{part}s"),
        (0, _) => format!("{sign}{minutes}m{seconds}{part}s"),
        _ => format!("{sign}{hours}h{minutes}m{seconds}{part}s"),
    }
}

/// The largest unit that a duration exceeds.
fn rounded(nanoseconds: u64) -> String {
    let second = SECOND.unsigned_abs();
    let (minute, hour, day) = (60 * second, 3600 * second, 86_400 * second);
    let units = [(365 * day, "y"), (30 * day, "mo"), (day, "d"), (hour, "h"), (minute, "m"), (second, "s")];
    let unit = units.into_iter().find(|(unit, _)| nanoseconds > *unit);
    unit.map_or_else(|| "0s".to_owned(), |(unit, name)| format!("{}{name}", nanoseconds / unit))
}

/// Go's `ParseDuration` of whole numbers; what is none of its texts is zero.
fn parsed(text: &str) -> Result<i64, TemplateError> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" || rest.is_empty() {
        return Ok(0);
    }
    let mut total = 0_i64;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (number, behind) = rest.split_at(digits);
        if behind.starts_with('.') {
            return Err(TemplateError::undetermined("fleetlint does not read fractions of durations"));
        }
        let end = behind.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(behind.len());
        let (unit, after) = behind.split_at(end);
        let unit = match unit {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => SECOND,
            "m" => 60 * SECOND,
            "h" => 3600 * SECOND,
            _ => return Ok(0),
        };
        let Some(value) = number.parse::<i64>().ok().and_then(|number| number.checked_mul(unit)) else { return Ok(0) };
        let Some(sum) = total.checked_add(value) else { return Ok(0) };
        (total, rest) = (sum, after);
    }
    Ok(sign * total)
}
