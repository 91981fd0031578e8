//! A ConfigMap or Secret that is read before it is applied.

use crate::finding::{Findings, Severity};
use crate::rule::{Check, Rule, RuleContext, shown};

pub(crate) const RULE: Rule = Rule {
    id: "kustomization-graph/stale-substitution",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "a Kustomization substitutes from an object that another one applies from the same source, without an order",
    is_pedantic: false,
    page: include_str!("../../../rules/kustomization-graph/stale-substitution.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    for read in context.order().unordered_reads() {
        let reconciler = |id| context.cluster.reconciler(id);
        let (later, earlier) = (reconciler(read.later), reconciler(read.earlier));
        let message = format!(
            "{} substitutes from {}, which {} applies from the same source: a commit that changes it is built with the old values",
            shown(&later.object.id),
            shown(&read.object.id),
            shown(&earlier.object.id)
        );
        let finding = findings.report(&later.object, &read.pointer, message);
        finding.help(
            "depend on it with `dependsOn`, or label the object `reconcile.fluxcd.io/watch: Enabled`, so that a change starts its readers",
        );
        finding.about(&earlier.object, "/metadata/name");
        finding.related(read.object, "/metadata/name", "the object");
    }
}
