//! A path with more `..` than it has folders.

use crate::finding::{Findings, Severity};
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "kustomization-graph/path-leaves-source",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "`spec.path` leads out of its source by `..`: Flux ignores the leading `..` and builds a different folder",
    is_pedantic: false,
    page: include_str!("../../../rules/kustomization-graph/path-leaves-source.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    for (reconciler, built) in context.graph().paths_out_of_source() {
        let written = reconciler.object.str("/spec/path").unwrap_or_default();
        let message = format!(
            "`{written}` leads out of the source: Flux ignores the leading `..` and builds `./{built}` instead"
        );
        findings.report(&reconciler.object, "/spec/path", message).help(format!(
            "write `./{built}`, or the folder that is meant: a path is relative to the root of the source"
        ));
    }
}
