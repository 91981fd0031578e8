//! TODO: what is wrong, in one sentence.

use crate::finding::{Findings, Severity};
use crate::object::Object;
use crate::rule::{Check, Rule, RuleContext};

/// The objects that it looks at: group and kind.
const KINDS: &[(&str, &str)] = &[("kustomize.toolkit.fluxcd.io", "Kustomization")];

pub(crate) const RULE: Rule = Rule {
    id: "FAMILY/NAME",
    severity: Severity::Error,
    since: "VERSION",
    summary: "TODO: what it finds, in one line",
    is_pedantic: false,
    page: "",
    check: Check::Object(KINDS, check),
};

fn check(context: RuleContext<'_>, object: &Object, findings: &mut Findings) {
    // TODO: report what is wrong: findings.report(object, "/spec/field", message).help(what_to_do);
    let _ = (context, object, findings);
}
