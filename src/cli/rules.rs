//! `fleetlint rules`.

use crate::rule::index;
use crate::rules::RULES;

/// The catalogue as a table.
pub fn run() -> String {
    index::table(RULES)
}
