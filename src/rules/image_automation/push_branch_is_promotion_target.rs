//! An automation that pushes to a branch which changes should reach by promotion only.

use crate::finding::{Fact, Findings, Severity};
use crate::fleet::facets::image_updates::push_branch;
use crate::rule::{Check, Rule, RuleContext};
use crate::yaml::Node;

pub(crate) const RULE: Rule = Rule {
    id: "image-automation/push-branch-is-promotion-target",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "an automation pushes to the branch of production",
    is_pedantic: false,
    page: include_str!("../../../rules/image-automation/push-branch-is-promotion-target.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    // On production itself, that the automation runs there is the defect.
    if context.variables().is_production() {
        return;
    }
    let promoted = context.fleet.promoted_branches();
    for (automation, source) in context.sources().automations() {
        let Some(push) = push_branch(automation.object, source.object).filter(|push| promoted.contains(push.name))
        else {
            continue;
        };
        let message =
            format!("automation pushes to `{}`, the branch of production: its updates skip staging", push.name);
        let finding = findings.report(push.object, push.field, message);
        finding.argument(automation.object.id.name.as_str()).help("push to the branch that staging reads");
        if let Some(place) = push.object.at(push.field).and_then(Node::place) {
            finding.explains(Fact::WrongValue(place)).because(Fact::WrongValue(place));
        }
    }
}
