//! `!!binary`: what go-yaml reads as the bytes that its base64 stands for.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};
use smol_str::SmolStr;

use super::Node;

/// Go's standard encoding looks at no bits after the last byte.
const GO_STANDARD: GeneralPurpose =
    GeneralPurpose::new(&alphabet::STANDARD, GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true));

/// The tag in its resolved form.
const TAG: &str = "tag:yaml.org,2002:binary";

/// The text of a `!!binary` scalar; `None` for every other node.
///
/// # Errors
/// What is not base64.
pub fn decoded(node: &Node) -> Result<Option<SmolStr>, String> {
    match (node.tag.as_deref(), node.text()) {
        (Some(TAG), Some(base64)) => decode(base64).map(Some),
        _ => Ok(None),
    }
}

/// The text of base64; bytes that are not UTF-8 are replaced one by one, as Go's JSON encoder does.
///
/// # Errors
/// What is not base64.
pub(super) fn decode(base64: &str) -> Result<SmolStr, String> {
    let digits: String = base64.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
    let bytes = GO_STANDARD.decode(digits);
    let bytes = bytes.map_err(|_| "!!binary value contains invalid base64 data".to_owned())?;
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '\u{fffd}'));
    }
    Ok(text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_as_go_reads_it() {
        for (base64, text) in [("aGk=", "hi"), ("aGl=", "hi"), ("aG\nk=", "hi"), ("//79", "\u{fffd}\u{fffd}\u{fffd}")] {
            assert_eq!(decode(base64).unwrap(), text, "{base64}");
        }
        for base64 in ["aGk", "aG k=", "x"] {
            assert!(decode(base64).is_err(), "{base64}");
        }
    }
}
