//! `dependsOn` names something that is not on the cluster.

use crate::finding::{Findings, Place, Severity};
use crate::fleet::ApplierKind;
use crate::flux::api::depends_on;
use crate::object::ObjectId;
use crate::rule::{Check, Rule, View};

pub(crate) const RULE: Rule = Rule {
    id: "kustomization-graph/depends-on-missing",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "`dependsOn` names a Kustomization or HelmRelease that is not on that cluster",
    is_pedantic: false,
    page: include_str!("../../../rules/kustomization-graph/depends-on-missing.md"),
    check: Check::Cluster(check),
};

fn check(view: View<'_>, findings: &mut Findings) {
    for (applier, placed) in view.cluster.settled_appliers() {
        if !matches!(applier.kind, ApplierKind::Kustomization | ApplierKind::HelmRelease) {
            continue;
        }
        let object = &placed.object;
        for (index, reference) in depends_on(object) {
            let id = ObjectId {
                namespace: reference.namespace_or(&object.id.namespace),
                name: reference.name().into(),
                ..object.id.clone()
            };
            if view.cluster.get(&id).is_some() {
                continue;
            }
            if view.cluster.may_hold(&id, &[applier]) {
                let place = Place::at(object, &format!("/spec/dependsOn/{index}/name"));
                findings.skip(format!("whether {id} exists is not known"), Some(place));
                continue;
            }
            let message = format!("{id} is not on this cluster: {} waits for it forever", object.id);
            let finding = findings.report(object, &format!("/spec/dependsOn/{index}/name"), message);
            finding.help("correct the name or the namespace, or remove the dependency");
            if let Some(near) = view.cluster.near_name(&id) {
                finding.help(format!("did you mean `{near}`?"));
            }
        }
    }
}
