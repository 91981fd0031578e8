//! Constants of numbers, as Go reads them.

use super::tree::Operand;

/// A number constant: an integer where the text or the value is one.
pub(super) fn number(text: &str) -> Option<Operand> {
    if let Some(int) = integer(text) {
        return Some(Operand::Int(int));
    }
    let plain = text.replace('_', "");
    let is_decimal = plain.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E'));
    let float: f64 = plain.parse().ok().filter(|float: &f64| is_decimal && float.is_finite())?;
    let is_integer = !text.contains(['.', 'e', 'E']);
    (!is_integer).then_some(Operand::Float(float))
}

fn integer(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let lower = digits.to_ascii_lowercase().replace('_', "");
    let (radix, body) = match (lower.get(..2), lower.get(2..)) {
        (Some("0x"), Some(body)) => (16, body),
        (Some("0o"), Some(body)) => (8, body),
        (Some("0b"), Some(body)) => (2, body),
        _ if lower.len() > 1 && lower.starts_with('0') => (8, lower.get(1..)?),
        _ => (10, lower.as_str()),
    };
    if body.starts_with(['+', '-']) {
        return None;
    }
    i64::try_from(i128::from_str_radix(body, radix).ok()?.checked_mul(sign)?).ok()
}
