//! A cluster that syncs the fleet repository at another ref than the others.

use std::collections::BTreeMap;

use crate::finding::{Findings, Severity};
use crate::fleet::Fleet;
use crate::object::Object;
use crate::rule::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "branch-mapping/fleet-sync-ref",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a cluster syncs the fleet repository at another ref than the rest of the fleet",
    is_pedantic: false,
    page: include_str!("../../../rules/branch-mapping/fleet-sync-ref.md"),
    check: Check::Fleet(check),
};

fn check(fleet: &Fleet, findings: &mut Findings) {
    let Some(promised) = fleet.profile.fleet_ref.as_deref() else { return };
    let synced: Vec<(&str, &Object, &str)> = fleet
        .clusters
        .iter()
        .filter_map(|cluster| {
            let instance = cluster.flux_instance()?;
            let is_git = instance.str("/spec/sync/kind") == Some("GitRepository");
            // What is no full reference Flux does not take for a branch.
            let reference = instance.str("/spec/sync/ref").filter(|it| is_git && it.starts_with("refs/"))?;
            Some((cluster.name.as_str(), instance, reference))
        })
        .collect();
    let expected = majority(synced.iter().map(|(_, _, reference)| *reference)).unwrap_or(promised);
    for (cluster, instance, reference) in synced.iter().filter(|(_, _, reference)| *reference != expected) {
        let message =
            format!("cluster `{cluster}` syncs the fleet at `{reference}`, the fleet's clusters follow `{expected}`");
        findings
            .report(instance, "/spec/sync/ref", message)
            .help(format!(
                "set `ref: {expected}`: environments differ in the branch of infra and apps, not of the fleet"
            ))
            .on_cluster(*cluster);
    }
}

/// The ref that more than half of the clusters follow.
fn majority<'a>(references: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    references.for_each(|reference| *counts.entry(reference).or_default() += 1);
    let total: usize = counts.values().sum();
    counts.into_iter().find(|(_, count)| count * 2 > total && total > 1).map(|(reference, _)| reference)
}
