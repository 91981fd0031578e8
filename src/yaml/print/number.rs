//! Floats as they come out of Go's JSON encoder and go-yaml v2 (yaml-output-semantics section 3).

/// The text of a float.
///
/// # Errors
/// Infinities and NaN, which JSON does not know.
pub(super) fn float(value: f64) -> Result<String, String> {
    if !value.is_finite() {
        let name = if value.is_nan() {
            "NaN"
        } else if value > 0.0 {
            "+Inf"
        } else {
            "-Inf"
        };
        return Err(format!("json: unsupported value: {name}"));
    }
    // JSON writes it positionally, and what has no fraction and fits is read again as an integer.
    let positional = format!("{}", value + 0.0);
    let integers = i128::from(i64::MIN)..=i128::from(u64::MAX);
    if positional.parse::<i128>().is_ok_and(|integer| integers.contains(&integer)) {
        return Ok(positional);
    }
    let (mantissa, exponent) = shortest(value);
    if !(-4..6).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return Ok(format!("{mantissa}e{sign}{:02}", exponent.abs()));
    }
    Ok(format!("{value}"))
}

/// The shortest digits that read back as the same number: `1.2345` and the exponent.
fn shortest(value: f64) -> (String, i32) {
    let text = format!("{value:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    (mantissa.to_owned(), exponent.parse().unwrap_or(0))
}
