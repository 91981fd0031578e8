//! A reconciler names a service account that nothing makes.

use std::collections::BTreeMap;

use crate::finding::{Findings, Place, Severity};
use crate::fleet::existence::BUILT_IN_NAMESPACES;
use crate::fleet::{Identity, Reconciler};
use crate::object::ObjectId;
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "tenant-isolation/service-account-not-found",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "`serviceAccountName` names a service account that nothing creates on that cluster",
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

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    let mut missing: BTreeMap<ObjectId, Vec<&Reconciler>> = BTreeMap::new();
    for (reconciler, _) in context.graph().reconcilers_with_known("/spec/serviceAccountName") {
        if let Some(id) = missing_account(context, reconciler) {
            missing.entry(id).or_default().push(reconciler);
        }
    }
    for (id, reconcilers) in missing {
        // A namespace that nothing in the fleet makes is somebody else's, and so may its accounts be.
        let is_known =
            id.namespace == context.cluster.flux_namespace || context.cluster.namespace(&id.namespace).is_some();
        let creator = context.existence().could_create(&id, &reconcilers);
        let why = match &creator {
            Some(creator) => creator.to_string(),
            None if !is_known && BUILT_IN_NAMESPACES.contains(&id.namespace.as_str()) => {
                format!("namespace `{}` is on every cluster, and others may create accounts there", id.namespace)
            }
            None if !is_known => {
                format!(
                    "the fleet does not create namespace `{}`, and may not create its accounts either",
                    id.namespace
                )
            }
            None => {
                report(context, &id, &reconcilers, findings);
                continue;
            }
        };
        let place = reconcilers.first().map(|reconciler| Place::at(&reconciler.object, "/spec/serviceAccountName"));
        let is_elsewhere = creator.as_ref().is_none_or(|creator| creator.object.is_none());
        let because = creator.iter().flat_map(|creator| context.unknown_because(creator));
        findings.cannot_tell(&id, why, is_elsewhere, place).because(because);
    }
}

/// One finding for a missing account, however many use it.
fn report(context: RuleContext<'_>, id: &ObjectId, reconcilers: &[&Reconciler], findings: &mut Findings) {
    let [first, others @ ..] = reconcilers else { return };
    let message = format!(
        "service account `{}` does not exist in namespace `{}`: nothing that uses it can be applied",
        id.name, id.namespace
    );
    let finding = findings.report(&first.object, "/spec/serviceAccountName", message);
    finding
        .explains(context.no_object(id))
        .help("name an account of the same namespace as this object, or add the ServiceAccount there");
    for other in others {
        finding.related(&other.object, "/spec/serviceAccountName", "the same account is named here");
    }
    let mut elsewhere = context.rbac().accounts_named(&id.name).filter(|it| !it.object.id.namespace.is_empty());
    if let Some(other) = elsewhere.next() {
        finding.related(other.object, "/metadata/name", format!("there is one in `{}`", other.object.id.namespace));
    }
}

/// The account that a reconciler names and that is not on the cluster.
fn missing_account(context: RuleContext<'_>, reconciler: &Reconciler) -> Option<ObjectId> {
    let Identity::Named(name) = &reconciler.identity else { return None };
    let namespace = &reconciler.object.id.namespace;
    let is_built_in =
        name == "default" || (*namespace == context.cluster.flux_namespace && FLUX_ACCOUNTS.contains(&name.as_str()));
    let is_made = context.cluster.find("", "ServiceAccount", namespace, name).is_some();
    (!is_built_in && !is_made && !reconciler.is_remote).then(|| ObjectId {
        group: "".into(),
        kind: "ServiceAccount".into(),
        namespace: namespace.clone(),
        name: name.clone(),
    })
}
