//! Under lockdown, a Kustomization of the platform that names no service account runs without rights.

use crate::finding::{Findings, Severity};
use crate::fleet::{Identity, ReconcilerKind, Setting};
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "tenant-isolation/platform-missing-service-account",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "under lockdown, a platform Kustomization without `serviceAccountName` runs without permissions",
    is_pedantic: false,
    page: include_str!("../../../rules/tenant-isolation/platform-missing-service-account.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    let cluster = context.cluster;
    let Setting::On(account, lockdown) = &cluster.lockdown.default_service_account else { return };
    for (reconciler, placed) in context.graph().reconcilers_of(ReconcilerKind::Kustomization) {
        let object = &placed.object;
        let is_subject = matches!(reconciler.identity, Identity::Default(_))
            && !reconciler.is_remote
            && object.id.namespace == cluster.flux_namespace
            && context.tenancy().owner(placed).tenant().is_none();
        // A root that no file defines is written by bootstrap: there is no line to change.
        if !is_subject || object.place().is_none() || !context.rbac().applies_without_rights(reconciler) {
            continue;
        }
        let message = format!(
            "Kustomization does not set `serviceAccountName`: under lockdown it runs as `{}/{account}`, which has no permissions",
            object.id.namespace
        );
        findings
            .report(object, "/spec/serviceAccountName", message)
            .help(
                "set `spec.serviceAccountName: kustomize-controller` (or another account that can apply these objects)",
            )
            .related_span(*lockdown, "lockdown is turned on here");
    }
}
