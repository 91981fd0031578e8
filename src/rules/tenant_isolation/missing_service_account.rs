//! A tenant's Kustomization or HelmRelease that does not set `serviceAccountName`.

use crate::finding::{Findings, Severity};
use crate::fleet::{Applier, ApplierKind, Cluster, Identity};
use crate::rule::{Check, Rule, View};

pub(crate) const RULE: Rule = Rule {
    id: "tenant-isolation/missing-service-account",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a tenant's Kustomization or HelmRelease does not set `serviceAccountName`",
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
        let outcome = outcome(view.cluster, applier);
        let message = format!("{kind} of tenant `{tenant}` does not set `serviceAccountName`: {outcome}");
        findings
            .report(&placed.object, "/spec/serviceAccountName", message)
            .help(format!("set `spec.serviceAccountName` to a service account of tenant `{tenant}` in this namespace"));
    }
}

/// What comes of it: the lockdown decides between the two.
fn outcome(cluster: &Cluster, applier: &Applier) -> String {
    match &applier.identity {
        Identity::Default(_) if cluster.applies_without_rights(applier) => {
            "it runs as the default service account, which has no permissions, and fails".to_owned()
        }
        Identity::Default(name) => {
            let namespace = applier.name().0;
            format!("it runs as the default service account `{namespace}/{name}`, with the permissions of that account")
        }
        Identity::Unknown => {
            "it runs as the controller, which is cluster-admin, unless the controllers are locked down".to_owned()
        }
        Identity::Controller | Identity::Named(_) => "it runs as the controller, which is cluster-admin".to_owned(),
    }
}
