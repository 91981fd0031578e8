//! Two clusters with one name.

use crate::finding::{Findings, Severity};
use crate::fleet::{Cluster, Fleet};
use crate::rule::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "runtime-info/duplicate-cluster-name",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "two clusters have the same CLUSTER_NAME (or CLUSTER_DOMAIN)",
    is_pedantic: false,
    page: include_str!("../../../rules/runtime-info/duplicate-cluster-name.md"),
    check: Check::Fleet(check),
};

fn check(fleet: &Fleet, findings: &mut Findings) {
    for (key, severity) in [("CLUSTER_NAME", Severity::Error), ("CLUSTER_DOMAIN", Severity::Warning)] {
        for (index, cluster) in fleet.clusters.iter().enumerate() {
            let mut before = fleet.clusters[..index].iter();
            if let Some(first) = before.find(|first| is_same(fleet, first, cluster, key)) {
                report(fleet, first, cluster, key, severity, findings);
            }
        }
    }
}

fn is_same(fleet: &Fleet, first: &Cluster, second: &Cluster, key: &str) -> bool {
    let value = |cluster| fleet.runtime_value(cluster, key).and_then(|value| value.text()).filter(|it| !it.is_empty());
    value(first).is_some() && value(first) == value(second)
}

fn report(fleet: &Fleet, first: &Cluster, second: &Cluster, key: &str, severity: Severity, findings: &mut Findings) {
    let (Some(there), Some(here)) = (fleet.runtime_value(first, key), fleet.runtime_value(second, key)) else { return };
    let Some(runtime_info) = fleet.runtime_info(second) else { return };
    let value = here.text().unwrap_or_default();
    let message = format!("`{key}` `{value}` is already that of cluster `{}`", first.name);
    findings
        .report(&runtime_info.object, &format!("/data/{key}"), message)
        .help(format!("give each cluster its own `{key}`"))
        .severity(severity)
        .related_node(there, format!("cluster `{}`", first.name))
        .clusters([first.name.clone(), second.name.clone()]);
}
