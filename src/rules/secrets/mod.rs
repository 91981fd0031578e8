//! Secrets that are written down where others can read them, and Secrets that do not arrive.

pub(super) mod clone_label_unreachable;
pub(super) mod clone_selector_too_wide;
pub(super) mod decryption_missing;
pub(super) mod plaintext_credential_in_values;
pub(super) mod plaintext_generator;
pub(super) mod plaintext_secret;

use crate::fleet::facets::credentials::PlainText;

/// How many names a message has.
const NAMED: usize = 3;

/// The names of what is in plain text; never a value.
fn shown_keys(plain: &PlainText<'_>) -> String {
    let named: Vec<String> = plain.fields.iter().take(NAMED).map(|(_, key)| format!("`{key}`")).collect();
    match plain.fields.len().saturating_sub(NAMED) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}
