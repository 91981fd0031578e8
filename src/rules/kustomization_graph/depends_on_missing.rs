//! `dependsOn` names something that is not on the cluster.

use crate::finding::{Findings, Place, Severity};
use crate::fleet::existence::{ReferenceUse, can_be_called};
use crate::fleet::{Cluster, ReconcilerKind};
use crate::flux::api::depends_on;
use crate::flux::kinds::Reference;
use crate::object::ObjectId;
use crate::rule::{Check, Rule, RuleContext, shown};

pub(crate) const RULE: Rule = Rule {
    id: "kustomization-graph/depends-on-missing",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "`dependsOn` names an object that is not on that cluster",
    is_pedantic: false,
    page: include_str!("../../../rules/kustomization-graph/depends-on-missing.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    check_sets(context, findings);
    for (reconciler, placed) in context.graph().reconcilers_with_known("/spec/dependsOn") {
        if !matches!(reconciler.kind, ReconcilerKind::Kustomization | ReconcilerKind::HelmRelease) {
            continue;
        }
        let object = &placed.object;
        for (index, reference) in depends_on(object) {
            let id = ObjectId {
                namespace: reference.namespace_or(&object.id.namespace),
                name: reference.name().into(),
                ..object.id.clone()
            };
            if context.cluster.get(&id).is_some() {
                continue;
            }
            let is_expression = [&id.name, &id.namespace].into_iter().any(|text| !can_be_called(text));
            let creator = context.existence().could_create(&id, &[reconciler]).filter(|_| !is_expression);
            if let Some(creator) = creator {
                let place = Place::at(object, &format!("/spec/dependsOn/{index}/name"));
                context.cannot_tell(&id, &creator, Some(place), findings);
                continue;
            }
            let message = format!("{} is not on this cluster: {} waits for it forever", shown(&id), shown(&object.id));
            let finding = findings.report(object, &format!("/spec/dependsOn/{index}/name"), message);
            finding.help("correct the name or the namespace, or remove the dependency").because(context.no_object(&id));
            finding.about(object, &format!("/spec/dependsOn/{index}/namespace"));
            finding.explains(context.not_ordered(&object.id));
            if is_expression {
                finding.help(
                    "nothing replaces the variable: substitute it in the Kustomization that applies this object, or write \
                     the value",
                );
            }
            if let Some(other) = other_kind(context.cluster, &id) {
                finding.help(format!(
                    "`dependsOn` of a {} names objects of its own kind; {} is on this cluster, but cannot be named here",
                    id.kind,
                    shown(other)
                ));
            }
            if let Some(near) = context.existence().near_name(&id) {
                let near_id = ObjectId { name: near.into(), ..id.clone() };
                finding.help(format!("did you mean `{near}`?"));
                if let Some(other) = context.cluster.get(&near_id) {
                    finding.related(other.object, "/metadata/name", "or this name is the one that is misspelt");
                    finding.slip(Place::at(other.object, "/metadata/name").span(), &id.name);
                }
            }
        }
    }
}

/// A ResourceSet waits for objects of any kind, as they are written: nothing evaluates its templates here.
fn check_sets(context: RuleContext<'_>, findings: &mut Findings) {
    let is_asked = |reference: &Reference| (reference.kind, reference.path) == ("ResourceSet", "spec.dependsOn[]");
    let all = context.existence().missing_references(is_asked);
    context.note_open(all.iter(), findings);
    for missing in &all {
        let effect = |it: &ReferenceUse<'_>| format!("{} waits for it forever", shown(&it.object.id));
        let Some(finding) = context.report_missing(missing, effect, findings) else { continue };
        missing.waiting.iter().for_each(|reconciler| _ = finding.explains(context.not_applied(reconciler)));
    }
}

/// The HelmRelease of that name where a Kustomization is looked for, or the other way round.
fn other_kind<'a>(cluster: &'a Cluster, id: &ObjectId) -> Option<&'a ObjectId> {
    let kinds = [ReconcilerKind::Kustomization, ReconcilerKind::HelmRelease].into_iter();
    let same = kinds.filter_map(|kind| cluster.graph().find_reconciler(kind, &id.namespace, &id.name));
    same.map(|reconciler| &reconciler.object.id).find(|it| it.kind != id.kind)
}
