//! A value that its field does not take: of an enum, a pattern, a range or a length.

use super::report_value;
use crate::finding::{Findings, Severity};
use crate::fleet::Fleet;
use crate::flux::validate::{Bound, Violation, What};
use crate::near::did_you_mean;
use crate::rule::{Check, Rule};
use crate::yaml::Node;

pub(crate) const RULE: Rule = Rule {
    id: "schema/invalid-value",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a value of an object of Flux breaks the enum, pattern, range or length of its field",
    is_pedantic: false,
    page: include_str!("../../../rules/schema/invalid-value.md"),
    check: Check::Fleet(check),
};

fn check(fleet: &Fleet, findings: &mut Findings) {
    for judged in fleet.judged() {
        for violation in &judged.verdict.violations {
            let text = judged.object.at(&violation.pointer).and_then(Node::text).unwrap_or_default();
            let Some((what, help)) = said(violation, text) else { continue };
            report_value(judged, violation, &what, &help, findings);
        }
    }
}

/// What is wrong, and what to do about it.
fn said(violation: &Violation, text: &str) -> Option<(String, String)> {
    let path = violation.path();
    Some(match &violation.what {
        What::NotAllowed { allowed, since } => {
            let list = || format!("write one of `{}`", allowed.join("`, `"));
            let help = match since {
                Some((major, minor)) => format!("Flux takes it from {major}.{minor} on; {}", list()),
                None => did_you_mean(text, allowed).unwrap_or_else(list),
            };
            let what = match text {
                "" => format!("`{path}` is empty"),
                _ => format!("`{text}` is not a value that `{path}` takes"),
            };
            (what, help)
        }
        What::Mismatch(pattern) => match beginnings(pattern) {
            Some(words) => (format!("`{path}` has to begin with {words}"), format!("write {words} before it")),
            None => (format!("`{path}` does not match `{pattern}`"), format!("write what matches `{pattern}`")),
        },
        What::NotATime => (format!("`{path}` is not a time"), "write it as `2026-01-31T12:00:00Z`".to_owned()),
        What::OutOfBounds(bound) => (format!("`{path}` {}", bound_words(*bound)), help_for(*bound)),
        _ => return None,
    })
}

/// The patterns that only say how a value begins.
fn beginnings(pattern: &str) -> Option<&'static str> {
    Some(match pattern {
        "^oci://.*$" => "`oci://`",
        "^(http|https)://.*$" | "^(http|https)://" | "^https?://" => "`https://` or `http://`",
        "^(http|https|ssh)://.*$" => "`https://`, `http://` or `ssh://`",
        "^(http|https|oci)://.*$" | "^((http|https|oci)://.*){0,1}$" => "`https://`, `http://` or `oci://`",
        _ => return None,
    })
}

fn bound_words(Bound { name, value }: Bound) -> String {
    match name {
        "minLength" if value == 1.0 => "is empty".to_owned(),
        "minLength" => format!("has fewer than {value} characters"),
        "maxLength" => format!("has more than {value} characters"),
        "minItems" if value == 1.0 => "is an empty list".to_owned(),
        "minItems" => format!("has fewer than {value} items"),
        "maxItems" => format!("has more than {value} items"),
        "minimum" => format!("is less than {value}"),
        _ => format!("is more than {value}"),
    }
}

fn help_for(Bound { name, value }: Bound) -> String {
    match name {
        "minLength" | "minItems" if value == 1.0 => "give it a value, or remove the field".to_owned(),
        "minLength" | "maxLength" => "shorten or lengthen it".to_owned(),
        "minItems" | "maxItems" => "add or remove items".to_owned(),
        "minimum" => format!("write {value} or more"),
        _ => format!("write {value} or less"),
    }
}
