//! A Kustomization that leaves the variables of runtime-info as they are.

use crate::finding::{Findings, Severity};
use crate::fleet::{Reconciler, ReconcilerKind};
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "runtime-info/kustomization-without-substitution",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a Kustomization substitutes nothing, although its objects use keys of runtime-info",
    is_pedantic: false,
    page: include_str!("../../../rules/runtime-info/kustomization-without-substitution.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    let keys = context.fleet.runtime_keys();
    if context.fleet.profile.runtime_info.is_none() || keys.is_empty() {
        return;
    }
    for (reconciler, _) in context.graph().reconcilers_of(ReconcilerKind::Kustomization) {
        let Some((object, place)) =
            context.variables().literal_use(reconciler, &keys).filter(|_| is_of_cluster(reconciler))
        else {
            continue;
        };
        let (namespace, name) = reconciler.name();
        let message = format!(
            "Kustomization `{namespace}/{name}` substitutes nothing: `{}` in {} is applied as it is written",
            place.text().unwrap_or_default().lines().next().unwrap_or_default(),
            object.id
        );
        let finding = findings.report(&reconciler.object, "/spec/postBuild", message);
        finding.help("add `postBuild.substituteFrom` with the ConfigMap that holds the variables");
        finding.related_node(place, "used here").explains(context.not_substituted(reconciler));
        finding.because(context.not_substituted(reconciler));
    }
}

/// Whether a Kustomization is one that files write, for the cluster itself: what lands elsewhere has the variables of there.
fn is_of_cluster(reconciler: &Reconciler) -> bool {
    reconciler.parent.is_some() && !reconciler.is_remote
}
