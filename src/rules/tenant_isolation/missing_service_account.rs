//! A tenant's Kustomization or HelmRelease that names no service account.

use crate::finding::{Findings, Severity};
use crate::fleet::{ApplierKind, Identity};
use crate::rule::{Check, Rule, View};

pub(crate) const RULE: Rule = Rule {
    id: "tenant-isolation/missing-service-account",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a tenant's Kustomization or HelmRelease names no service account",
    is_pedantic: false,
    page: include_str!("../../../rules/tenant-isolation/missing-service-account.md"),
    check: Check::Cluster(check),
};

fn check(view: View<'_>, findings: &mut Findings) {
    for (applier, placed) in view.cluster.settled_appliers() {
        let is_subject = matches!(applier.kind, ApplierKind::Kustomization | ApplierKind::HelmRelease);
        // On another cluster the identity of the kubeconfig counts.
        let is_named = matches!(applier.identity, Identity::Named(_)) || applier.is_remote;
        let owner = view.fleet.owner(view.cluster, placed);
        let Some(tenant) = owner.tenant().filter(|_| is_subject && !is_named) else { continue };
        let kind = &placed.object.id.kind;
        let is_harmless = view.cluster.applies_without_rights(applier);
        let outcome = match is_harmless {
            true => "it runs as the default service account, which may do nothing, and fails",
            false => "it runs with the rights of the controller, which may do everything",
        };
        let message = format!("{kind} of tenant `{tenant}` names no service account: {outcome}");
        let finding = findings.report(&placed.object, "/spec/serviceAccountName", message);
        finding
            .help(format!("set `spec.serviceAccountName` to a service account of tenant `{tenant}` in this namespace"));
        if is_harmless {
            finding.severity(Severity::Warning);
        }
    }
}
