//! An automation that pushes to the branch which clusters apply.

use crate::finding::{Findings, Severity};
use crate::fleet::facets::image_updates::{SOURCE, push_branch};
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "image-automation/push-without-review",
    severity: Severity::Info,
    since: "0.1.0",
    summary: "an automation pushes to the branch that clusters reconcile: nobody reviews its updates",
    is_pedantic: false,
    page: include_str!("../../../rules/image-automation/push-without-review.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    // d1 does so on purpose: staging is where updates are tried.
    if !context.fleet.profile.environments.is_empty() {
        return;
    }
    for (automation, source) in context.sources().automations() {
        let Some(push) = push_branch(automation.object, source.object) else { continue };
        let is_read =
            source.object.str(SOURCE) == Some(push.name) && context.sources().readers_of(source).next().is_some();
        if is_read {
            let message =
                format!("automation pushes to `{}`, which this cluster applies: nobody reviews its updates", push.name);
            let finding = findings.report(push.object, push.field, message);
            finding.argument(automation.object.id.name.as_str());
            finding.help("push to a branch of its own, and let pull requests be made from it").related(
                source.object,
                SOURCE,
                "the branch that is applied",
            );
        }
    }
}
