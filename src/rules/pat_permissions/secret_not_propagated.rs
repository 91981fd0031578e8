//! An object uses a Secret that exists in Flux's namespace only.

use crate::finding::{Findings, Place, Severity};
use crate::fleet::query::credential;
use crate::fleet::{Applier, Placed};
use crate::object::ObjectId;
use crate::rule::{Check, Rule, View};

pub(crate) const RULE: Rule = Rule {
    id: "pat-permissions/secret-not-propagated",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a source uses a Secret that lives in Flux's namespace only and that no policy copies",
    is_pedantic: false,
    page: include_str!("../../../rules/pat-permissions/secret-not-propagated.md"),
    check: Check::Cluster(check),
};

fn check(view: View<'_>, findings: &mut Findings) {
    let cluster = view.cluster;
    for placed in cluster.sources() {
        let Some(reference) = credential(&placed.object) else { continue };
        let namespace = &placed.object.id.namespace;
        let id = ObjectId {
            group: "".into(),
            kind: "Secret".into(),
            namespace: namespace.clone(),
            name: reference.name.clone(),
        };
        let original = cluster.find("", "Secret", &cluster.flux_namespace, &reference.name);
        let Some(original) = original.filter(|_| *namespace != cluster.flux_namespace && !cluster.has_secret(&id))
        else {
            continue;
        };
        // A label that is missing is the defect; tenant-isolation/namespace-missing-tenant-label tells it.
        let lacks_label = |namespace: &Placed| !view.fleet.missing_tenant_labels(cluster, namespace).is_empty();
        if cluster.namespace(namespace).is_some_and(lacks_label) {
            continue;
        }
        let readers: Vec<&Applier> = cluster.readers_of(placed).collect();
        if cluster.may_hold(&id, &readers) {
            let reason = format!("whether Secret `{namespace}/{}` exists is not known", id.name);
            findings.skip(reason, Some(Place::at(&placed.object, reference.pointer)));
            continue;
        }
        let message = format!(
            "Secret `{}` exists in `{}` only: no policy copies it to `{namespace}`, where this {} looks for it",
            id.name, cluster.flux_namespace, placed.object.id.kind
        );
        findings
            .report(&placed.object, reference.pointer, message)
            .help("label the Secret and the Namespace as the clone policy selects them, or add a policy that copies it")
            .related(&original.object, "/metadata/name", "the Secret");
    }
}
