//! Clusters of one environment that read different branches.

use std::collections::BTreeMap;

use crate::finding::{Fact, Findings, Severity};
use crate::fleet::{Cluster, Fleet};
use crate::rule::{Check, Rule};
use crate::yaml::Node;

pub(crate) const RULE: Rule = Rule {
    id: "branch-mapping/clusters-of-environment-disagree",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "two clusters of one environment read different branches",
    is_pedantic: false,
    page: include_str!("../../../rules/branch-mapping/clusters-of-environment-disagree.md"),
    check: Check::Fleet(check),
};

fn check(fleet: &Fleet, findings: &mut Findings) {
    let mut environments: BTreeMap<&str, Vec<(&Cluster, &Node)>> = BTreeMap::new();
    for cluster in &fleet.clusters {
        let branch = fleet.variables(cluster).runtime_value("GIT_BRANCH").filter(|branch| branch.text() != Some(""));
        if let (Some(environment), Some(branch)) = (fleet.variables(cluster).environment(), branch) {
            environments.entry(environment).or_default().push((cluster, branch));
        }
    }
    for (environment, clusters) in environments {
        let mapped = fleet.profile.environments.get(environment).map(|branch| branch.as_str());
        let is_read = |branch: &&str| clusters.iter().any(|(_, read)| read.text() == Some(branch));
        let usual = mapped.filter(is_read).or_else(|| usual(&clusters));
        for (cluster, branch) in clusters.iter().filter(|(_, branch)| branch.text() != usual) {
            let peer = clusters.iter().find(|(_, branch)| branch.text() == usual);
            if let (Some(usual), Some(peer)) = (usual, peer) {
                report(fleet, (environment, usual), (cluster, branch), peer, findings);
            }
        }
    }
}

/// The branch that most clusters read; of two that are equally usual the one of the first cluster.
fn usual<'a>(clusters: &[(&Cluster, &'a Node)]) -> Option<&'a str> {
    let count = |name: &str| clusters.iter().filter(|(_, branch)| branch.text() == Some(name)).count();
    // Of equal ones `max_by_key` takes the last, so the list is turned round.
    clusters.iter().rev().filter_map(|(_, branch)| branch.text()).max_by_key(|name| count(name))
}

fn report(
    fleet: &Fleet,
    (environment, usual): (&str, &str),
    (cluster, branch): (&Cluster, &Node),
    (peer, peer_branch): &(&Cluster, &Node),
    findings: &mut Findings,
) {
    let Some(runtime_info) = fleet.variables(cluster).runtime_info() else { return };
    let read = branch.text().unwrap_or_default();
    let message =
        format!("cluster `{}` reads `{read}`, but other `{environment}` clusters read `{usual}`", cluster.name);
    let finding = findings.report(runtime_info.object, "/data/GIT_BRANCH", message);
    finding.argument(environment).on_cluster(cluster.name.as_str());
    finding.help(format!("set `GIT_BRANCH: {usual}`, or give the cluster an environment of its own"));
    finding.related_node(peer_branch, format!("cluster `{}`", peer.name));
    branch.place().into_iter().for_each(|place| _ = finding.because(Fact::WrongValue(place)));
}
