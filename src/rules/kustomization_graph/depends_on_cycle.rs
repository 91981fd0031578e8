//! Reconcilers that wait for each other.

use crate::finding::{Findings, Severity};
use crate::fleet::Reconciler;
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "kustomization-graph/depends-on-cycle",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "Kustomizations, HelmReleases or ResourceSets wait for each other, so that none is ever applied",
    is_pedantic: false,
    page: include_str!("../../../rules/kustomization-graph/depends-on-cycle.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    for cycle in context.graph().waiting_cycles() {
        let Some(first) = cycle.first() else { continue };
        let waiting = || cycle.iter().map(|wait| context.cluster.reconciler(wait.from));
        let is_mixed = waiting().any(|other| other.kind != context.cluster.reconciler(first.from).kind);
        let names: Vec<String> = waiting().map(|reconciler| shown(reconciler, is_mixed)).collect();
        let message = match names.as_slice() {
            [only] => format!("{only} depends on itself and is never applied"),
            [others @ .., last] => {
                format!("{} and {last} wait for each other and are never ready", others.join(", "))
            }
            [] => continue,
        };
        let start = context.cluster.reconciler(first.from);
        let finding = findings.report(&start.object, &first.pointer, message);
        finding.help("remove one of these dependencies");
        for wait in &cycle {
            finding.about(&context.cluster.reconciler(wait.from).object, "/metadata/name");
        }
        for wait in &cycle[1..] {
            let from = context.cluster.reconciler(wait.from);
            finding.related(&from.object, &wait.pointer, format!("{} waits here", name(from)));
        }
    }
}

fn shown(reconciler: &Reconciler, with_kind: bool) -> String {
    let name = name(reconciler);
    if with_kind { format!("{} `{name}`", reconciler.object.id.kind) } else { format!("`{name}`") }
}

fn name(reconciler: &Reconciler) -> String {
    let (namespace, name) = reconciler.name();
    format!("{namespace}/{name}")
}
