//! An automation that runs on a production cluster.

use crate::finding::{Findings, Severity};
use crate::fleet::Outcome;
use crate::rule::{Check, Rule, RuleContext};
use crate::yaml::Node;

/// Where an object has its labels.
const LABELS: &str = "/metadata/labels";

pub(crate) const RULE: Rule = Rule {
    id: "image-automation/automation-on-production",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "an ImageUpdateAutomation runs on a production cluster",
    is_pedantic: false,
    page: include_str!("../../../rules/image-automation/automation-on-production.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    if !context.variables().is_production() {
        return;
    }
    for placed in context.cluster.of_kind("image.toolkit.fluxcd.io", "ImageUpdateAutomation") {
        if context.cluster.applied_by(placed).is_some_and(|by| by.outcome == Outcome::Failed) {
            continue;
        }
        let message = format!(
            "automation `{}/{}` runs on a production cluster: what it pushes skips staging",
            placed.object.id.namespace, placed.object.id.name
        );
        let finding = findings.report(placed.object, "/metadata/name", message);
        finding.help("delete it there by a patch, as its label `toolkit.fluxcd.io/role: automation` allows");
        finding.explains(context.unwanted(&placed.object.id));
        let environment = context.variables().runtime_value("ENVIRONMENT").and_then(Node::place);
        finding.related_span(environment, "environment set here");
        if let Some((missed, _)) = context.cluster.image_updates().missed_by_patch(placed) {
            finding.because(context.unset(&missed.id, LABELS));
        }
    }
}
