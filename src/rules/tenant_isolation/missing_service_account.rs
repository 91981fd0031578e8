//! A tenant's Kustomization or HelmRelease that does not set `serviceAccountName`.

use crate::finding::{Findings, Severity};
use crate::fleet::{Identity, Outcome, Reconciler, ReconcilerKind};
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "tenant-isolation/missing-service-account",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a tenant's Kustomization or HelmRelease does not set `serviceAccountName`",
    is_pedantic: false,
    page: include_str!("../../../rules/tenant-isolation/missing-service-account.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    for (reconciler, placed) in context.graph().settled_reconcilers() {
        let is_subject = matches!(reconciler.kind, ReconcilerKind::Kustomization | ReconcilerKind::HelmRelease);
        // On another cluster the identity of the kubeconfig counts.
        let is_named = matches!(reconciler.identity, Identity::Named(_)) || reconciler.is_remote;
        let owner = context.tenancy().owner(placed);
        let Some(tenant) = owner.tenant().filter(|_| is_subject && !is_named) else { continue };
        let kind = &placed.object.id.kind;
        let outcome = outcome(context, reconciler);
        let message = format!("{kind} of tenant `{tenant}` does not set `serviceAccountName`: {outcome}");
        let finding = findings.report(placed.object, "/spec/serviceAccountName", message);
        finding
            .argument(tenant)
            .explains(context.unset(&placed.object.id, "/spec/serviceAccountName"))
            .help(format!("set `spec.serviceAccountName` to a service account of tenant `{tenant}` in this namespace"));
        // A patch that could not be applied may be what sets it.
        let failed = context.cluster.applied_by(placed).filter(|it| it.outcome == Outcome::Failed);
        failed.into_iter().for_each(|reconciler| _ = finding.because(context.not_applied(reconciler)));
    }
}

/// What comes of it: the lockdown decides between the two.
fn outcome(context: RuleContext<'_>, reconciler: &Reconciler) -> String {
    match &reconciler.identity {
        Identity::Default(_) if context.rbac().applies_without_rights(reconciler) => {
            "it runs as the default service account, which has no permissions, and fails".to_owned()
        }
        Identity::Default(name) => {
            let namespace = reconciler.name().0;
            format!("it runs as the default service account `{namespace}/{name}`, with the permissions of that account")
        }
        Identity::Unknown => {
            "it runs as the controller, which is cluster-admin, unless the controllers are locked down".to_owned()
        }
        Identity::Controller | Identity::Named(_) => "it runs as the controller, which is cluster-admin".to_owned(),
    }
}
