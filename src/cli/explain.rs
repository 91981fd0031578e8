//! `fleetlint explain RULE`.

/// The page of a rule; for an unknown one, what was meant.
pub fn run(rule: &str) -> Result<String, String> {
    crate::rule::find(rule).map(|rule| rule.page.to_owned()).ok_or_else(|| format!("there is no rule `{rule}`"))
}
