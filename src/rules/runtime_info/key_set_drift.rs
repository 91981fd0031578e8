//! A key that most clusters define and one does not.

use std::collections::BTreeSet;

use crate::finding::{Fact, Findings, Severity};
use crate::fleet::{Cluster, Fleet};
use crate::object::Object;
use crate::rule::{Check, Rule};
use crate::yaml::Node;

pub(crate) const RULE: Rule = Rule {
    id: "runtime-info/key-set-drift",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "a cluster's runtime-info lacks a key that most other clusters define",
    is_pedantic: false,
    page: include_str!("../../../rules/runtime-info/key-set-drift.md"),
    check: Check::Fleet(check),
};

fn check(fleet: &Fleet, findings: &mut Findings) {
    let infos: Vec<(&Cluster, &Object)> = fleet
        .clusters
        .iter()
        .filter_map(|cluster| Some((cluster, fleet.variables(cluster).runtime_info()?.object)))
        .collect();
    let keys = infos.iter().flat_map(|(_, info)| keys(info)).collect::<BTreeSet<_>>();
    for key in keys {
        let (with, without): (Vec<_>, Vec<_>) = infos.iter().partition(|(_, info)| has(info, key));
        // What every cluster must have is another matter.
        if fleet.profile.runtime_keys.iter().any(|promised| promised == key) {
            continue;
        }
        // A few clusters may be special; where most have the key, the others lack it.
        if with.len() <= without.len() || has_default_everywhere(fleet, key) {
            continue;
        }
        for (cluster, info) in without {
            report(fleet, (cluster, info), key, &with, findings);
        }
    }
}

fn keys(info: &Object) -> impl Iterator<Item = &str> {
    let entries = info.at("/data").map(Node::entries).unwrap_or_default();
    entries.iter().filter_map(|entry| entry.key.text())
}

fn has(info: &Object, key: &str) -> bool {
    info.at("/data").is_some_and(|data| data.get(key).is_some())
}

/// Whether all that uses a key says what to take without it.
fn has_default_everywhere(fleet: &Fleet, key: &str) -> bool {
    let all = || fleet.clusters.iter().flat_map(|cluster| fleet.variables(cluster).uses_of_runtime_info());
    let mut uses = all().filter(|used| used.name == key).peekable();
    uses.peek().is_some() && uses.all(|used| used.has_default)
}

fn report(
    fleet: &Fleet,
    (cluster, info): (&Cluster, &Object),
    key: &str,
    with: &[(&Cluster, &Object)],
    findings: &mut Findings,
) {
    let others = match with {
        [(only, _)] => format!("`{}` defines", only.name),
        many => format!("{} other clusters define", many.len()),
    };
    let message = format!("`{}` of cluster `{}` lacks the key `{key}`, which {others}", info.id.name, cluster.name);
    let finding = findings.report(info, &format!("/data/{key}"), message);
    finding.on_cluster(cluster.name.as_str());
    finding.help(format!("add `{key}`, or give each use of it a default: `${{{key}:=…}}`"));
    if let Some((first, other)) = with.first() {
        finding.related(other, &format!("/data/{key}"), format!("cluster `{}`", first.name));
    }
    for reconciler in cluster.reconcilers.iter().filter(|it| fleet.reads_runtime_info(it)) {
        finding.because(Fact::NoValue(cluster.name.clone(), reconciler.object.id.clone(), key.into()));
    }
}
