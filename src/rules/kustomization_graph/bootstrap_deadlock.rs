//! What never starts on a new cluster.

use std::collections::BTreeSet;

use crate::finding::{Findings, Severity};
use crate::fleet::Reconciler;
use crate::fleet::facets::order::{Circle, CircleStep, Reason, What};
use crate::rule::{Check, Rule, RuleContext, shown};

pub(crate) const RULE: Rule = Rule {
    id: "kustomization-graph/bootstrap-deadlock",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "on a new cluster objects wait for each other, and none of them ever starts",
    is_pedantic: false,
    page: include_str!("../../../rules/kustomization-graph/bootstrap-deadlock.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    // Two that wait for each other may do so for several namespaces or kinds: to cut one of them is to see the next.
    let mut told = BTreeSet::new();
    for circle in context.order().circles().iter().filter(|circle| !circle.is_of_waits()) {
        let waiting: BTreeSet<_> = circle.steps.iter().filter_map(|step| step.what.reconciler()).collect();
        if told.insert(waiting) {
            report(context, circle, findings);
        }
    }
}

fn report(context: RuleContext<'_>, circle: &Circle<'_>, findings: &mut Findings) {
    let reconciler = |what: &What| what.reconciler().map(|id| context.cluster.reconciler(id));
    let mut waiting: Vec<&Reconciler> = Vec::new();
    for found in circle.steps.iter().filter_map(|step| reconciler(step.what)) {
        if !waiting.iter().any(|known| std::ptr::eq(*known, found)) {
            waiting.push(found);
        }
    }
    let names: Vec<String> = waiting.iter().map(|it| shown(&it.object.id)).collect();
    let message = match names.as_slice() {
        [] => return,
        [only] => format!("on a new cluster {only} waits for itself, and never applies anything"),
        [one, other] => format!("on a new cluster {one} and {other} wait for each other, and neither ever starts"),
        [others @ .., last] => {
            format!(
                "on a new cluster {} and {last} wait for each other, and none of them ever starts",
                others.join(", ")
            )
        }
    };
    let steps: Vec<_> = circle.steps.iter().filter_map(|step| Some((step, step.why.place.as_ref()?))).collect();
    let Some((_, (object, pointer))) = steps.first() else { return };
    let finding = findings.report(object, pointer, message);
    if circle.rests_on_chart() {
        finding.severity(Severity::Warning);
    }
    finding.help("break the circle at one of these places: apply what is needed first with a Kustomization of its own");
    for it in &waiting {
        finding.about(&it.object, "/metadata/name").because(context.not_ordered(&it.object.id));
    }
    for (step, (object, pointer)) in &steps {
        finding.related(object, pointer, label(context, step, &shown(&object.id)));
    }
}

/// What a step says about its place.
fn label(context: RuleContext<'_>, step: &CircleStep<'_>, object: &str) -> String {
    let name = |what: &What| match what {
        What::Exists(id) => shown(id),
        What::Served(group, kind) => format!("the definition of {kind} ({group})"),
        other => other.reconciler().map(|id| shown(&context.cluster.reconciler(id).object.id)).unwrap_or_default(),
    };
    let (from, on) = (name(step.what), name(step.on));
    match step.why.reason {
        Reason::DependsOn => format!("{from} depends on {on}"),
        Reason::Wait | Reason::HealthCheck => format!("{from} waits until {on} is ready"),
        Reason::Itself | Reason::AppliedBy => format!("{on} applies {object}"),
        Reason::Reads => format!("{from} reads {on}"),
        Reason::Account => format!("{from} applies as {on}"),
        Reason::Namespace => format!("{from} applies {object}, which needs {on}"),
        Reason::Kind => format!("{from} applies {object}, which needs {on}"),
        Reason::Chart => format!("the chart of {object} brings {from}"),
        Reason::Next => String::new(),
    }
}
