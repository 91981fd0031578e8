//! `fleetlint graph --format json`.

use crate::fleet::Outline;
use crate::report::escape;

/// The outline as one JSON object, with a final newline.
pub fn json(outline: &Outline) -> String {
    escape::json(&serde_json::to_string_pretty(outline).unwrap_or_default()) + "\n"
}
