//! A Kustomization that is ready before what it applies is.

use crate::finding::{Findings, Severity};
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "kustomization-graph/depends-on-without-wait",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "others depend on a Kustomization that is ready before what it applies is",
    is_pedantic: false,
    page: include_str!("../../../rules/kustomization-graph/depends-on-without-wait.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    for early in context.graph().early_ready() {
        let (id, slow) = (&early.dependency.object.id, &early.slow.id);
        let others = match early.dependents.as_slice() {
            [(only, _)] => format!("{} `{}/{}`", only.object.id.kind, only.name().0, only.name().1),
            several => format!("{} others", several.len()),
        };
        let message = format!(
            "Kustomization `{}/{}` is ready as soon as it has applied: {others} that depend on it start before {} `{}/{}` is ready",
            id.namespace, id.name, slow.kind, slow.namespace, slow.name
        );
        let message = if early.dependents.len() == 1 {
            message.replace("that depend on", "that depends on").replace(" start before", " starts before")
        } else {
            message
        };
        let finding = findings.report(&early.dependency.object, "/spec/wait", message);
        finding.help("set `wait: true`, or list in `healthChecks` what the others need");
        for (dependent, pointer) in &early.dependents {
            finding.related(&dependent.object, pointer, "depends on it here");
        }
    }
}
