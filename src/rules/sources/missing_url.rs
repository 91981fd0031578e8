//! A source without a URL.

use crate::finding::{Findings, Severity};
use crate::object::Object;
use crate::rule::{Check, Rule, RuleContext};

/// The objects that it looks at: group and kind.
const KINDS: &[(&str, &str)] = &[
    ("source.toolkit.fluxcd.io", "GitRepository"),
    ("source.toolkit.fluxcd.io", "HelmRepository"),
    ("source.toolkit.fluxcd.io", "OCIRepository"),
];

pub(crate) const RULE: Rule = Rule {
    id: "sources/missing-url",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a source has no `spec.url`, so that the API server rejects it",
    is_pedantic: false,
    page: include_str!("../../../rules/sources/missing-url.md"),
    check: Check::Object(KINDS, check),
};

fn check(context: RuleContext<'_>, object: &Object, findings: &mut Findings) {
    if object.str("/spec/url").is_some_and(|url| !url.is_empty()) {
        return;
    }
    let message =
        format!("{} has no `spec.url`: the API server rejects it, and nothing that reads it is applied", object.id);
    let finding = findings.report(object, "/spec/url", message);
    finding.help("add the `url` of the repository").explains(context.no_object(&object.id));
    // The API server says the same of a field that is required, or may not be empty.
    finding.explains(context.unset(&object.id, "/spec/url"));
}
