//! A cluster without the ConfigMap that its Kustomizations substitute from.

use crate::finding::{Findings, Place, Severity};
use crate::fleet::{Reconciler, ReconcilerKind};
use crate::flux::api::Kustomization;
use crate::object::ObjectId;
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "runtime-info/missing-configmap",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a cluster lacks the runtime-info ConfigMap that its Kustomizations substitute from",
    is_pedantic: false,
    page: include_str!("../../../rules/runtime-info/missing-configmap.md"),
    check: Check::Cluster(check),
};

/// Where a FluxInstance says which folder holds the objects of its cluster.
const SYNC_PATH: &str = "/spec/sync/path";

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    let Some(name) = context.fleet.profile.runtime_info.as_deref() else { return };
    let namespace = &context.cluster.flux_namespace;
    let id = ObjectId { group: "".into(), kind: "ConfigMap".into(), namespace: namespace.clone(), name: name.into() };
    if context.cluster.get(&id).is_some() {
        return;
    }
    // One finding a cluster: the Kustomizations that wait for the ConfigMap are the consequence.
    for (reconciler, placed) in context.graph().reconcilers_of(ReconcilerKind::Kustomization) {
        let Some(kustomization) = Kustomization::of(placed.object) else { continue };
        let entry = kustomization
            .substitute_from()
            .find(|entry| entry.kind == "ConfigMap" && entry.name.text() == Some(name) && !entry.optional);
        let Some(entry) = entry.filter(|_| reconciler.object.id.namespace == *namespace) else { continue };
        let waiting: Vec<&Reconciler> = context.cluster.reconcilers.iter().filter(|it| it.misses(&id)).collect();
        if let Some(creator) = context.existence().could_create(&id, &waiting) {
            context.cannot_tell(&id, &creator, entry.name.place().map(Place::of_span), findings);
            return;
        }
        let message =
            format!("this cluster has no ConfigMap `{namespace}/{name}`: nothing that substitutes from it is applied");
        let near = context.existence().near_object(&id);
        if let Some(near) = near.or_else(|| context.variables().displaced_runtime_info()) {
            let pointer = if near.id.name == id.name { "/metadata/namespace" } else { "/metadata/name" };
            let message = format!(
                "this cluster has ConfigMap `{}/{}`, but no `{namespace}/{name}`: nothing that substitutes from it is applied",
                near.id.namespace, near.id.name
            );
            let finding = findings.report(near, pointer, message);
            let meant = if near.id.name == id.name { &id.namespace } else { &id.name };
            finding.help(format!("did you mean `{meant}`?")).related_node(entry.name, "needed here, for example");
            finding.explains(context.no_object(&id));
            waiting.iter().for_each(|reconciler| _ = finding.explains(context.not_applied(reconciler)));
            return;
        }
        let finding = match context.graph().flux_instance().filter(|instance| instance.at(SYNC_PATH).is_some()) {
            Some(instance) => {
                let finding = findings.report(instance, SYNC_PATH, message);
                finding.related_node(entry.name, "needed here, for example")
            }
            None => {
                let finding = findings.report(placed.object, "/spec/postBuild/substituteFrom", message);
                finding.at_node(entry.name)
            }
        };
        finding.argument(name).explains(context.no_object(&id));
        waiting.iter().for_each(|reconciler| _ = finding.explains(context.not_applied(reconciler)));
        finding.help(format!("add `{name}` to the cluster's folder `{}`", context.cluster.paths.join("`, `")));
        return;
    }
}
