//! The replicas of a Deployment or StatefulSet that a HorizontalPodAutoscaler or a ScaledObject changes, too.

use crate::finding::{Findings, Severity};
use crate::rule::{Check, Rule, RuleContext, shown};

pub(crate) const RULE: Rule = Rule {
    id: "kustomization-graph/contested-field",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Flux sets the replicas of a workload that an autoscaler scales",
    is_pedantic: false,
    page: include_str!("../../../rules/kustomization-graph/contested-field.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    for scaled in context.graph().contested_replicas() {
        let (workload, scaler) = (scaled.workload, scaled.scaler);
        let message = format!(
            "{} sets `replicas`, and {} scales it: Flux sets it back at each reconciliation",
            shown(&workload.id),
            shown(&scaler.id)
        );
        let finding = findings.report(workload, "/spec/replicas", message);
        finding.help("leave `replicas` out of the workload: the autoscaler decides");
        finding.about(scaler, "/metadata/name").related(scaler, "/spec/scaleTargetRef/name", "it is scaled here");
    }
}
