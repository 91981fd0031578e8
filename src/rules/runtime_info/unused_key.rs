//! A key of runtime-info that nothing uses.

use std::collections::BTreeSet;

use crate::finding::{Fact, Findings, Severity};
use crate::fleet::Fleet;
use crate::rule::{Check, Rule};
use crate::yaml::Node;

pub(crate) const RULE: Rule = Rule {
    id: "runtime-info/unused-key",
    severity: Severity::Info,
    since: "0.1.0",
    summary: "nothing uses a key of runtime-info",
    is_pedantic: false,
    page: include_str!("../../../rules/runtime-info/unused-key.md"),
    check: Check::Fleet(check),
};

fn check(fleet: &Fleet, findings: &mut Findings) {
    // What was not read may use any key.
    if fleet.clusters.iter().any(|cluster| fleet.variables(cluster).has_unread_builds()) {
        return;
    }
    let used: BTreeSet<&str> = fleet
        .clusters
        .iter()
        .flat_map(|cluster| fleet.variables(cluster).uses_of_runtime_info())
        .map(|used| used.name.as_str())
        .chain(fleet.profile.runtime_keys.iter().map(|key| key.as_str()))
        .collect();
    for cluster in &fleet.clusters {
        let Some(info) = fleet.variables(cluster).runtime_info().map(|placed| placed.object) else { continue };
        let keys = info.at("/data").map(Node::entries).unwrap_or_default().iter().map(|entry| &entry.key);
        let keys = keys.filter_map(|key| Some((key, key.text()?)));
        for (written, key) in keys.filter(|(_, key)| !used.contains(key)) {
            let message = format!("nothing in the repositories of this fleet uses `{key}`");
            let finding = findings.report(info, &format!("/data/{key}"), message);
            finding.argument(key).help("remove it, if nothing else reads it").on_cluster(cluster.name.as_str());
            written.place().into_iter().for_each(|place| _ = finding.because(Fact::WrongName(place)));
        }
    }
}
