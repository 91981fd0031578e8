//! A Kustomization substitutes from a ConfigMap or Secret that its cluster lacks.

use std::collections::BTreeMap;

use crate::finding::{Finding, Findings, Place, Severity};
use crate::fleet::Reconciler;
use crate::fleet::existence::Uncopied;
use crate::flux::api::Kustomization;
use crate::object::ObjectId;
use crate::rule::{Check, Rule, RuleContext};
use crate::yaml::Node;

pub(crate) const RULE: Rule = Rule {
    id: "runtime-info/substitute-from-missing",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a Kustomization substitutes from a ConfigMap or Secret that its cluster lacks and other clusters have",
    is_pedantic: false,
    page: include_str!("../../../rules/runtime-info/substitute-from-missing.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    let mut missing: BTreeMap<ObjectId, Vec<&Reconciler>> = BTreeMap::new();
    for (reconciler, _) in context.graph().reconcilers_with_known("/spec/postBuild/substituteFrom") {
        for id in reconciler.missing_ids() {
            missing.entry(id).or_default().push(reconciler);
        }
    }
    for (id, waiting) in missing {
        report(context, &id, &waiting, findings);
    }
}

/// Whether something outside the fleet makes the object is not known: that another cluster has it, or that it is there under
/// almost the same name, says that nothing does.
fn report(context: RuleContext<'_>, id: &ObjectId, waiting: &[&Reconciler], findings: &mut Findings) {
    let (near, twin) = (context.existence().near_name(id), context.fleet.counterpart_of(context.cluster, id));
    let Some((first, others)) = waiting.split_first().filter(|_| near.is_some() || twin.is_some()) else { return };
    if let Some(creator) = context.existence().could_create(id, waiting) {
        let place = entry_of(first, id).and_then(Node::place).map(Place::of_span);
        return context.cannot_tell(id, &creator, place, findings);
    }
    if let Some(uncopied) = context.fleet.uncopied(context.cluster, id) {
        let finding = report_uncopied(&uncopied, first, id, findings);
        finding.because(context.no_object(id)).because(context.no_object(&uncopied.policy.id));
        waiting.iter().for_each(|reconciler| _ = finding.explains(context.not_applied(reconciler)));
        return;
    }
    let message = format!("{id} is not on this cluster: Kustomizations that substitute from it will not be applied");
    let finding = findings.report(&first.object, "/spec/postBuild/substituteFrom", message);
    if let Some(entry) = entry_of(first, id) {
        finding.at_node(entry).argument(id.kind.as_str()).about_node(entry);
    }
    finding.because(context.no_object(id));
    waiting.iter().for_each(|reconciler| _ = finding.explains(context.not_applied(reconciler)));
    for maker in context.fleet.makers_elsewhere(context.cluster, id) {
        finding.because(context.nothing_of(&maker));
    }
    for other in others.iter().filter_map(|other| entry_of(other, id)) {
        finding.related_node(other, "needed here, too");
    }
    let elsewhere = "`externals` in fleetlint.yaml declares what is created elsewhere";
    if let Some((cluster, twin)) = twin {
        finding.help(format!("add it, as on `{}`, or set `optional: true`; {elsewhere}", cluster.name));
        finding.related(twin.object, "/metadata/name", "another cluster has it");
    }
    if let Some(near) = near {
        finding.help(format!("did you mean `{near}`? {elsewhere}"));
    }
}

/// The original lacks a label by which the policy selects it: told once for all namespaces.
fn report_uncopied<'a>(
    uncopied: &Uncopied<'_>,
    waiting: &Reconciler,
    id: &ObjectId,
    findings: &'a mut Findings,
) -> &'a mut Finding {
    let Uncopied { original, policy, missing, other } = uncopied;
    let labels: Vec<String> = missing.iter().map(|(key, value)| format!("`{key}: {value}`")).collect();
    let message = format!(
        "{} lacks the label {}, which it has on `{other}`: policy `{}` copies it to no namespace here, and what substitutes \
         from the copies is not applied",
        original.id,
        labels.join(", "),
        policy.id.name
    );
    let finding = findings.report(original, "/metadata/labels", message);
    finding.help("add the label").related(policy, "/metadata/name", "the policy");
    if let Some(entry) = entry_of(waiting, id) {
        finding.related_node(entry, "a copy is needed here, for example");
    }
    finding
}

fn entry_of<'a>(reconciler: &'a Reconciler, id: &ObjectId) -> Option<&'a Node> {
    let mut entries = Kustomization::of(&reconciler.object)?.substitute_from();
    entries.find(|entry| entry.kind == id.kind && entry.name.text() == Some(&id.name)).map(|entry| entry.name)
}
