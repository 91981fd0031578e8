//! Reconcilers that wait for each other.

use crate::finding::{Findings, Severity};
use crate::fleet::Reconciler;
use crate::fleet::facets::order::{Circle, Reason};
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
    for circle in context.order().circles().iter().filter(|circle| circle.is_of_waits()) {
        report(context, circle, findings);
    }
}

fn report(context: RuleContext<'_>, circle: &Circle<'_>, findings: &mut Findings) {
    let of = |at: usize| circle.steps.get(at)?.what.reconciler().map(|id| context.cluster.reconciler(id));
    let is_wait = |reason| matches!(reason, Reason::DependsOn | Reason::Wait | Reason::HealthCheck);
    let waits = circle.steps.iter().enumerate().filter(|(_, step)| is_wait(step.why.reason));
    let waits: Vec<_> = waits.filter_map(|(at, step)| Some((of(at)?, step.why.place.as_ref()?))).collect();
    let Some((first, (object, pointer))) = waits.first() else { return };
    let is_mixed = waits.iter().any(|(other, _)| other.kind != first.kind);
    let names: Vec<String> = waits.iter().map(|(reconciler, _)| shown(reconciler, is_mixed)).collect();
    let message = match names.as_slice() {
        [only] => format!("{only} depends on itself and is never applied"),
        [others @ .., last] => format!("{} and {last} wait for each other and are never ready", others.join(", ")),
        [] => return,
    };
    let finding = findings.report(object, pointer, message);
    finding.help("remove one of these dependencies");
    for (reconciler, _) in &waits {
        finding.about(&reconciler.object, "/metadata/name");
        finding.explains(context.not_ordered(&reconciler.object.id));
    }
    for (reconciler, (object, pointer)) in waits.iter().skip(1) {
        finding.related(object, pointer, format!("{} waits here", name(reconciler)));
    }
    for step in circle.steps.iter().filter(|step| step.why.reason == Reason::Itself) {
        let ids = step.what.reconciler().zip(step.on.reconciler());
        let Some((child, parent)) =
            ids.map(|(it, on)| (context.cluster.reconciler(it), context.cluster.reconciler(on)))
        else {
            continue;
        };
        finding.related(&child.object, "/metadata/name", format!("{} applies {}", name(parent), name(child)));
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
