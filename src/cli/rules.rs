//! `fleetlint rules`.

use crate::rules::RULES;

/// The catalogue as a table.
pub fn run() -> String {
    crate::rule::index::markdown(RULES)
}
