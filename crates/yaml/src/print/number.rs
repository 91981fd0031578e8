//! Floats as they come out of Go's JSON encoder and go-yaml v2 (yaml-output-semantics section 3).

use crate::go_float::{finite, general};

/// The text of a float.
///
/// # Errors
/// Infinities and NaN, which JSON does not know.
pub(super) fn float(value: f64) -> Result<String, String> {
    let value = finite(value)?;
    // JSON writes it positionally, and what has no fraction and fits is read again as an integer.
    let positional = format!("{}", value + 0.0);
    let integers = i128::from(i64::MIN)..=i128::from(u64::MAX);
    if positional.parse::<i128>().is_ok_and(|integer| integers.contains(&integer)) {
        return Ok(positional);
    }
    Ok(general(&format!("{value:e}"), format!("{value}")))
}
