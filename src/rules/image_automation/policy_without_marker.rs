//! A policy that no marker names.

use std::collections::HashSet;

use crate::finding::{Fact, Findings, Severity};
use crate::fleet::Fleet;
use crate::near::near;
use crate::object::ObjectId;
use crate::repository::{Marker, Repositories};
use crate::rule::image_updates::{ImageUpdate, PassedMarker, image_updates, passed_markers};
use crate::rule::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "image-automation/policy-without-marker",
    severity: Severity::Info,
    since: "0.1.0",
    summary: "no marker names an ImagePolicy: it updates nothing",
    is_pedantic: false,
    page: include_str!("../../../rules/image-automation/policy-without-marker.md"),
    check: Check::Repository(check),
};

fn check(fleet: &Fleet, repositories: &Repositories<'_>, findings: &mut Findings) {
    let (updates, are_all) = image_updates(fleet, repositories);
    // What was not read may name it.
    if !are_all || updates.iter().any(|update| update.markers.is_cut) {
        return;
    }
    let named: HashSet<(&str, &str)> = updates
        .iter()
        .flat_map(ImageUpdate::markers)
        .map(|marker| (marker.namespace.as_str(), marker.name.as_str()))
        .collect();
    let all = passed_markers(&updates);
    let is_dangling = |passed: &&PassedMarker<'_>| !passed.updates.iter().any(|update| update.serves(passed.marker));
    let dangling: Vec<&Marker> = all.iter().filter(is_dangling).map(|passed| passed.marker).collect();
    for cluster in &fleet.clusters {
        let own: Vec<&ObjectId> = updates
            .iter()
            .filter(|update| update.cluster.name == cluster.name)
            .map(|update| &update.automation.id)
            .collect();
        for placed in cluster.of_kind("image.toolkit.fluxcd.io", "ImagePolicy") {
            let id = &placed.object.id;
            // Where no automation is, policies are read by something else.
            let automations: Vec<&&ObjectId> = own.iter().filter(|it| it.namespace == id.namespace).collect();
            if automations.is_empty() || named.contains(&(id.namespace.as_str(), id.name.as_str())) {
                continue;
            }
            let message = format!("no marker names `{}:{}`: this policy updates nothing", id.namespace, id.name);
            let finding = findings.report(placed.object, "/metadata/name", message);
            finding.help("mark the image that it is for, or remove it").on_cluster(cluster.name.as_str());
            // One that is misspelt may be for this policy.
            let dangling = dangling.iter().filter(|it| it.name == id.name || !near(&it.name, &[&id.name]).is_empty());
            dangling.for_each(|marker| _ = finding.because(Fact::WrongValue(marker.place)));
            for automation in automations {
                let path = "/spec/update/path".to_owned();
                finding.because(Fact::Unset(cluster.name.clone(), (*automation).clone(), path));
            }
        }
    }
}
