//! A controller that objects need and that is not installed.

use crate::finding::{Findings, Severity};
use crate::fleet::Outcome;
use crate::fleet::facets::graph::MissingComponents;
use crate::rule::shown;
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "fleet-structure/component-missing",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "objects need a controller that the cluster does not install",
    is_pedantic: false,
    page: include_str!("../../../rules/fleet-structure/component-missing.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    if let Some(missing) = context.graph().missing_components() {
        report(context, &missing, findings);
    }
}

fn report(context: RuleContext<'_>, missing: &MissingComponents<'_>, findings: &mut Findings) {
    let (more, needs) = match missing.count {
        1 => (String::new(), "needs"),
        count => (format!(" and {} more", count - 1), "need"),
    };
    let components: Vec<String> = missing.components.iter().map(|name| format!("`{name}`")).collect();
    let components = components.join(" and no ");
    let message = format!(
        "the cluster installs no {components}, which {}{more} {needs}: the API server does not know the kind",
        shown(&missing.object.id)
    );
    let finding = findings.report(missing.object, "/kind", message);
    finding.arguments.extend(missing.components.iter().map(ToString::to_string));
    finding.help("add it to `components` of the FluxInstance, or take these objects off this cluster");
    finding.related(missing.instance, "/spec/components", "the controllers of the cluster");
    // A patch that could not be applied may be what removes them.
    let failed = missing.by.filter(|it| it.outcome == Outcome::Failed);
    failed.into_iter().for_each(|reconciler| _ = finding.because(context.not_applied(reconciler)));
    finding.because(context.unwanted(&missing.object.id));
    finding.explains(context.nothing_of(&missing.object.id));
}
