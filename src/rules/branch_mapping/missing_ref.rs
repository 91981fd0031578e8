//! A GitRepository that does not say what it reads.

use crate::finding::{Findings, Severity};
use crate::rule::{Check, Rule, RuleContext};
use crate::yaml::Node;

pub(crate) const RULE: Rule = Rule {
    id: "branch-mapping/missing-ref",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "a GitRepository sets no ref: Flux reads `master`",
    is_pedantic: false,
    page: include_str!("../../../rules/branch-mapping/missing-ref.md"),
    check: Check::Cluster(check),
};

/// The fields of `spec.ref`, each of which says what is read.
const FIELDS: [&str; 5] = ["branch", "tag", "semver", "name", "commit"];

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    for placed in context.sources().git_repositories() {
        let object = placed.object;
        let has_field = |reference: &Node| FIELDS.iter().any(|field| reference.get(field).is_some());
        // One whose value is empty is a matter of its variable.
        if object.at("/spec/ref").is_some_and(has_field) {
            continue;
        }
        let message = format!("{} sets no `ref`: Flux reads branch `master`", object.id);
        let finding = findings.report(object, "/spec/ref", message);
        finding.help("say what is read: `ref: {branch: main}`").because(context.unset(&object.id, "/spec/ref"));
    }
}
