//! A Kustomization substitutes from a ConfigMap or Secret that its cluster lacks.

use std::collections::BTreeMap;

use crate::finding::{Findings, Place, Severity};
use crate::fleet::Applier;
use crate::flux::api::Kustomization;
use crate::object::ObjectId;
use crate::rule::{Check, Rule, View};
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

fn check(view: View<'_>, findings: &mut Findings) {
    let mut missing: BTreeMap<ObjectId, Vec<&Applier>> = BTreeMap::new();
    for (applier, _) in view.cluster.appliers_with_known("/spec/postBuild/substituteFrom") {
        for id in applier.missing_ids() {
            missing.entry(id).or_default().push(applier);
        }
    }
    for (id, waiting) in missing {
        report(view, &id, &waiting, findings);
    }
}

/// Whether something outside the fleet makes the object is not known: that another cluster has it, or that it is there under
/// almost the same name, says that nothing does.
fn report(view: View<'_>, id: &ObjectId, waiting: &[&Applier], findings: &mut Findings) {
    let (near, twin) = (view.cluster.near_name(id), view.fleet.twin_of(view.cluster, id));
    let Some((first, others)) = waiting.split_first().filter(|_| near.is_some() || twin.is_some()) else { return };
    if let Some(creator) = view.cluster.could_create(id, waiting) {
        let place = entry_of(first, id).and_then(Node::place).map(Place::of_span);
        return findings.cannot_tell(id, &creator, creator.object.is_none(), place);
    }
    let message = format!("{id} is not on this cluster: Kustomizations that substitute from it will not be applied");
    let finding = findings.report(&first.object, "/spec/postBuild/substituteFrom", message);
    if let Some(entry) = entry_of(first, id) {
        finding.at_node(entry);
    }
    finding.because(view.no_object(id));
    waiting.iter().for_each(|applier| _ = finding.explains(view.not_applied(applier)));
    for maker in view.fleet.makers_elsewhere(view.cluster, id) {
        finding.because(view.not_applied(maker));
    }
    for other in others.iter().filter_map(|other| entry_of(other, id)) {
        finding.related_node(other, "needed here, too");
    }
    let elsewhere = "`externals` in fleetlint.yaml declares what is created elsewhere";
    if let Some((cluster, twin)) = twin {
        finding.help(format!("add it, as on `{}`, or set `optional: true`; {elsewhere}", cluster.name));
        finding.related(&twin.object, "/metadata/name", "another cluster has it");
    }
    if let Some(near) = near {
        finding.help(format!("did you mean `{near}`? {elsewhere}"));
    }
}

fn entry_of<'a>(applier: &'a Applier, id: &ObjectId) -> Option<&'a Node> {
    let mut entries = Kustomization::of(&applier.object)?.substitute_from();
    entries.find(|entry| entry.kind == id.kind && entry.name.text() == Some(&id.name)).map(|entry| entry.name)
}
