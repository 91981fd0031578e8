//! Appliers that wait for each other.

use crate::finding::{Findings, Severity};
use crate::fleet::{Applier, ApplierId, Cluster};
use crate::rule::{Check, Rule, View};

pub(crate) const RULE: Rule = Rule {
    id: "kustomization-graph/depends-on-cycle",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "Kustomizations or HelmReleases wait for each other, so that none is ever applied",
    is_pedantic: false,
    page: include_str!("../../../rules/kustomization-graph/depends-on-cycle.md"),
    check: Check::Cluster(check),
};

fn check(view: View<'_>, findings: &mut Findings) {
    for cycle in view.cluster.waiting_cycles() {
        let Some(first) = cycle.first() else { continue };
        let names: Vec<String> = cycle.iter().map(|wait| shown(view.cluster, wait.from)).collect();
        let message = match names.as_slice() {
            [only] => format!("{only} depends on itself and is never applied"),
            [others @ .., last] => {
                format!("{} and {last} wait for each other and are never ready", others.join(", "))
            }
            [] => continue,
        };
        let start = view.cluster.applier(first.from);
        let finding = findings.report(&start.object, &first.pointer, message);
        finding.help("remove one of these dependencies");
        for wait in &cycle[1..] {
            let from = view.cluster.applier(wait.from);
            finding.related(&from.object, &wait.pointer, format!("{} waits here", name(from)));
        }
    }
}

fn shown(cluster: &Cluster, id: ApplierId) -> String {
    format!("`{}`", name(cluster.applier(id)))
}

fn name(applier: &Applier) -> String {
    let (namespace, name) = applier.name();
    format!("{namespace}/{name}")
}
