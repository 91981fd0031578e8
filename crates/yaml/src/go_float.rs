//! Floats as Go writes them: `%g`, and what its JSON encoder refuses.

/// The float, if JSON can hold it.
///
/// # Errors
/// Infinities and NaN, in the words of Go's JSON encoder.
pub fn finite(value: f64) -> Result<f64, String> {
    if value.is_finite() { Ok(value) } else { Err(format!("json: unsupported value: {}", name(value))) }
}

/// The float as a float32 in its shortest digits: what `sigs.k8s.io/yaml` makes of each float that becomes a text.
pub fn single(value: f64) -> String {
    let single = value as f32;
    if single.is_finite() { general(&format!("{single:e}"), format!("{single}")) } else { name(value).to_owned() }
}

/// What Go calls a float that is not a number.
fn name(value: f64) -> &'static str {
    match (value.is_nan(), value > 0.0) {
        (true, _) => "NaN",
        (false, true) => "+Inf",
        (false, false) => "-Inf",
    }
}

/// Go's `%g` of a float from its shortest scientific and its positional form.
pub fn general(scientific: &str, positional: String) -> String {
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&exponent) {
        return positional;
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}
