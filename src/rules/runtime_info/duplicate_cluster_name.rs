//! Two clusters with one name.

use std::collections::BTreeMap;

use crate::finding::{Finding, Findings, Place, Severity};
use crate::fleet::{Cluster, Fleet};
use crate::rule::{Check, Rule};
use crate::yaml::Node;

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
        let mut by_value: BTreeMap<&str, Vec<&Cluster>> = BTreeMap::new();
        for cluster in &fleet.clusters {
            let value =
                fleet.variables(cluster).runtime_value(key).and_then(Node::text).filter(|value| !value.is_empty());
            value.into_iter().for_each(|value| by_value.entry(value).or_default().push(cluster));
        }
        for (value, clusters) in by_value {
            if let Some((last, others @ [_, ..])) = clusters.split_last() {
                report(fleet, (key, value), last, others, findings).severity(severity);
            }
        }
    }
}

/// One finding for a value, at the cluster whose path comes last: it is the copy, as far as anybody can tell.
fn report<'a>(
    fleet: &Fleet,
    (key, value): (&str, &str),
    last: &Cluster,
    others: &[&Cluster],
    findings: &'a mut Findings,
) -> &'a mut Finding {
    let names: Vec<String> = others.iter().map(|cluster| format!("`{}`", cluster.name)).collect();
    let whose = if names.len() == 1 { "cluster" } else { "clusters" };
    let message = format!("`{key}` `{value}` is already used by {whose} {}", names.join(", "));
    let pointer = format!("/data/{key}");
    let finding = match fleet.variables(last).runtime_info() {
        Some(runtime_info) => findings.report(runtime_info.object, &pointer, message),
        None => findings.report_place(Place::nowhere(), message),
    };
    // A third cluster with the value is not accepted with the second.
    finding.arguments.extend(others.iter().map(|cluster| cluster.name.clone()));
    finding.argument(last.name.as_str()).help(format!("give each cluster its own `{key}`"));
    for cluster in others {
        let place = fleet.variables(cluster).runtime_value(key).and_then(Node::place);
        finding.related_span(place, format!("cluster `{}`", cluster.name));
    }
    finding.clusters(others.iter().chain([&last]).map(|cluster| cluster.name.clone()))
}
