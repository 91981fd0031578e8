//! An applier names a service account that nothing makes.

use crate::finding::{Findings, Place, Severity};
use crate::fleet::{Applier, Identity};
use crate::object::ObjectId;
use crate::rule::{Check, Rule, View};

pub(crate) const RULE: Rule = Rule {
    id: "tenant-isolation/service-account-not-found",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "`serviceAccountName` names a service account that nothing makes on that cluster",
    is_pedantic: false,
    page: include_str!("../../../rules/tenant-isolation/service-account-not-found.md"),
    check: Check::Cluster(check),
};

/// The accounts that Flux and the Flux Operator bring along, in Flux's namespace.
const FLUX_ACCOUNTS: [&str; 8] = [
    "kustomize-controller",
    "helm-controller",
    "source-controller",
    "notification-controller",
    "image-reflector-controller",
    "image-automation-controller",
    "source-watcher",
    "flux-operator",
];

fn check(view: View<'_>, findings: &mut Findings) {
    for (applier, placed) in view.cluster.settled_appliers() {
        let object = &placed.object;
        let Some(id) = missing_account(view, applier) else { continue };
        if view.cluster.may_hold(&id, &[applier]) {
            let reason = format!("whether service account `{}/{}` exists is not known", id.namespace, id.name);
            findings.skip(reason, Some(Place::at(object, "/spec/serviceAccountName")));
            continue;
        }
        let message = format!(
            "service account `{}` does not exist in namespace `{}`: {} cannot apply anything",
            id.name, id.namespace, object.id
        );
        let elsewhere = view.cluster.accounts_named(&id.name).next();
        let finding = findings.report(object, "/spec/serviceAccountName", message);
        finding.help("name an account of the same namespace as this object, or add the ServiceAccount there");
        if let Some(other) = elsewhere {
            finding.related(
                &other.object,
                "/metadata/name",
                format!("there is one in `{}`", other.object.id.namespace),
            );
        }
    }
}

/// The account that an applier names and that is not on the cluster.
fn missing_account(view: View<'_>, applier: &Applier) -> Option<ObjectId> {
    let Identity::Named(name) = &applier.identity else { return None };
    let namespace = &applier.object.id.namespace;
    let is_built_in =
        name == "default" || (*namespace == view.cluster.flux_namespace && FLUX_ACCOUNTS.contains(&name.as_str()));
    let is_made = view.cluster.find("", "ServiceAccount", namespace, name).is_some();
    (!is_built_in && !is_made && !applier.is_remote).then(|| ObjectId {
        group: "".into(),
        kind: "ServiceAccount".into(),
        namespace: namespace.clone(),
        name: name.clone(),
    })
}
