//! NEL, a line break that YAML knows and JSON does not.

use smol_str::SmolStr;

use super::super::parse::value_of;

/// U+0085.
pub(super) const NEXT_LINE: char = '\u{85}';

/// NEL is a line break in the JSON between kustomize's two printing steps, and folded.
pub(super) fn without_next_lines(text: &str) -> Option<SmolStr> {
    let json = text.contains(NEXT_LINE).then(|| serde_json::to_string(text).ok()).flatten()?;
    let json = json.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
    value_of(&format!("a: {json}"))
}
