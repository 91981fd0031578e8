//! An image policy whose range admits every later major version.

use crate::finding::{Findings, Severity};
use crate::object::Object;
use crate::rule::{Check, Rule, RuleContext};

/// The field with the range.
const RANGE: &str = "/spec/policy/semver/range";

pub(crate) const RULE: Rule = Rule {
    id: "image-automation/unbounded-policy",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "the range of an ImagePolicy has no upper bound",
    is_pedantic: false,
    page: include_str!("../../../rules/image-automation/unbounded-policy.md"),
    check: Check::Object(&[("image.toolkit.fluxcd.io", "ImagePolicy")], check),
};

fn check(_: RuleContext<'_>, object: &Object, findings: &mut Findings) {
    let Some(range) = object.str(RANGE).filter(|range| !range.contains("${") && is_unbounded(range)) else { return };
    let message = format!("range `{range}` has no upper bound: a new major version is adopted without review");
    findings
        .report(object, RANGE, message)
        .help(format!("add an upper bound: {}, where N is the major version after the one in use", bounded(range)));
}

/// Whether one of the alternatives of a range has no upper bound.
fn is_unbounded(range: &str) -> bool {
    range.split("||").any(|alternative| !has_upper_bound(alternative))
}

/// Whether any part of an alternative has an upper bound. What is not known to be a range is not unbounded.
fn has_upper_bound(alternative: &str) -> bool {
    let text = alternative.trim().to_ascii_lowercase();
    if text.contains(" - ") {
        return true;
    }
    let mut comparators = text.split([',', ' ']).filter(|part| !part.is_empty()).peekable();
    if comparators.peek().is_none() {
        return false;
    }
    // An operator may be apart from its version.
    comparators.any(|comparator| {
        let version = comparator.trim_start_matches(['<', '>', '=', '~', '^', '!']);
        let operator = comparator.get(..comparator.len() - version.len()).unwrap_or_default();
        let is_any = matches!(version.trim_start_matches('v'), "*" | "x");
        match operator {
            "<" | "<=" | "=<" => true,
            "^" | "~" | "~>" | "=" => !is_any && !version.is_empty(),
            "" => !is_any && !version.is_empty() && !is_operand(&text, version),
            _ => false,
        }
    })
}

/// Whether a version belongs to a `>` or `!=` that is apart from it.
fn is_operand(text: &str, version: &str) -> bool {
    let before = text.split(version).next().unwrap_or_default().trim_end();
    !before.ends_with("~>") && [">", ">=", "!="].iter().any(|operator| before.ends_with(operator))
}

/// The same range with a bound that a person has to fill in: one below the version in use would bring back an older image.
fn bounded(range: &str) -> String {
    let lower = range.trim().strip_prefix(">=").map(str::trim).filter(|it| !it.contains([' ', ',', '|']));
    lower.map_or_else(|| "`>=1.2.0 <N.0.0`".to_owned(), |lower| format!("`>={lower} <N.0.0`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_with_and_without_an_upper_bound() {
        for range in ["*", "x", ">=1.0.0", ">1", "> 1.0", ">= 1.2.0", "", "1.x || >=3", "!=1.2.3", ">=1.0.0 !=1.2.3"] {
            assert!(is_unbounded(range), "{range}");
        }
        for range in [
            "1.x",
            "1.2.*",
            "^1.2",
            "~1",
            ">=1.0.0 <2.0.0",
            ">=1.0.0, <2",
            "1.0 - 2.0",
            "1.2.3",
            "=1.2.3",
            "<2",
            "~> 1.2",
        ] {
            assert!(!is_unbounded(range), "{range}");
        }
    }

    #[test]
    fn a_bound_is_suggested() {
        assert_eq!(bounded(">=3.5.0"), "`>=3.5.0 <N.0.0`");
        assert_eq!(bounded("*"), "`>=1.2.0 <N.0.0`");
    }
}
