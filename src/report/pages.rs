//! Where the pages of rules are on the web.

/// The folder of the pages: the only place that names it.
const BASE: &str = "https://github.com/fleetlint/fleetlint/blob/main/rules/";

/// The page of a rule.
pub(super) fn url(rule: &str) -> String {
    format!("{BASE}{rule}.md")
}
