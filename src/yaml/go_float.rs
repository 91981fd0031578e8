//! Floats as Go writes them: `%g`, and what its JSON encoder refuses.

/// The float, if JSON can hold it.
///
/// # Errors
/// Infinities and NaN, in the words of Go's JSON encoder.
pub(crate) fn finite(value: f64) -> Result<f64, String> {
    if value.is_finite() {
        return Ok(value);
    }
    let name = match (value.is_nan(), value > 0.0) {
        (true, _) => "NaN",
        (false, true) => "+Inf",
        (false, false) => "-Inf",
    };
    Err(format!("json: unsupported value: {name}"))
}

/// Go's `%g` of a float from its shortest scientific and its positional form.
pub(crate) fn general(scientific: &str, positional: String) -> String {
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&exponent) {
        return positional;
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}
