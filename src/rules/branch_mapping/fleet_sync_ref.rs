//! A cluster that syncs the fleet repository at another ref than the others.

use std::collections::BTreeMap;

use crate::finding::{Findings, Severity};
use crate::fleet::Fleet;
use crate::fleet::facets::sources::FleetReference;
use crate::rule::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "branch-mapping/fleet-sync-ref",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a cluster syncs the fleet repository at a different ref from the rest of the fleet",
    is_pedantic: false,
    page: include_str!("../../../rules/branch-mapping/fleet-sync-ref.md"),
    check: Check::Fleet(check),
};

fn check(fleet: &Fleet, findings: &mut Findings) {
    let Some(promised) = fleet.profile.fleet_ref.as_deref() else { return };
    let synced: Vec<(&str, FleetReference<'_>)> = fleet
        .clusters
        .iter()
        .filter_map(|cluster| Some((cluster.name.as_str(), cluster.sources().fleet_reference()?)))
        .collect();
    // A cluster that is alone differs from no other one.
    if synced.len() < 2 {
        return;
    }
    let expected = majority(synced.iter().map(|(_, synced)| synced.reference.as_str())).unwrap_or(promised);
    for (cluster, synced) in synced.iter().filter(|(_, synced)| synced.reference != expected) {
        let reference = &synced.reference;
        let message = format!(
            "cluster `{cluster}` syncs the fleet at `{reference}`, while the rest of the fleet syncs `{expected}`"
        );
        findings
            .report(synced.object, synced.field, message)
            .help(format!(
                "set `{}`: environments differ in the branch of infra and apps, not of the fleet",
                wanted(synced.field, expected)
            ))
            .argument(*cluster)
            .argument(reference.as_str())
            .on_cluster(*cluster);
    }
}

/// The line that says a reference, in a field that is there.
fn wanted(field: &str, reference: &str) -> String {
    match (field, reference.strip_prefix("refs/heads/")) {
        ("/spec/sync/ref", _) => format!("ref: {reference}"),
        ("/spec/ref/branch", Some(branch)) => format!("branch: {branch}"),
        _ => format!("ref: {{name: {reference}}}"),
    }
}

/// The ref that more than half of the clusters follow.
fn majority<'a>(references: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    references.for_each(|reference| *counts.entry(reference).or_default() += 1);
    let total: usize = counts.values().sum();
    counts.into_iter().find(|(_, count)| count * 2 > total && total > 1).map(|(reference, _)| reference)
}
