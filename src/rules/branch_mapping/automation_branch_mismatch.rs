//! An automation whose branches do not fit together.

use crate::config::{OptionDefault, RuleOption};
use crate::finding::{Fact, Findings, Severity};
use crate::fleet::facets::image_updates::{NamedBranch, PUSH, SOURCE, checkout_branch, push_branch};
use crate::rule::{Check, Rule, RuleContext};
use crate::yaml::Node;

pub(crate) const RULE: Rule = Rule {
    id: "branch-mapping/automation-branch-mismatch",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "an image automation reads, updates and pushes to different branches",
    is_pedantic: false,
    page: include_str!("../../../rules/branch-mapping/automation-branch-mismatch.md"),
    check: Check::Cluster(check),
};

/// A branch of its own for pull requests is a deliberate step of promotion.
pub(crate) const ALLOW_PULL_REQUEST_BRANCH: RuleOption = RuleOption {
    name: "allowPullRequestBranch",
    summary: "Automations may push to a branch of their own, from which pull requests are made: it is info then.",
    default: OptionDefault::Flag(false),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    // Other layouts promise nothing about branches.
    if context.fleet.profile.environments.is_empty() {
        return;
    }
    for (automation, source) in context.sources().automations() {
        let (automation, source) = (automation.object, source.object);
        let Some(checkout) = checkout_branch(automation, source) else { continue };
        if let Some(read) = source.str(SOURCE).filter(|read| !read.is_empty() && *read != checkout.name) {
            let message = format!(
                "the automation works on branch `{}`, but its source {} reads `{read}`",
                checkout.name, source.id
            );
            let finding = findings.report(checkout.object, checkout.field, message);
            finding.about(source, SOURCE).help("use the branch of the source, which is what the cluster applies");
            finding.related(source, SOURCE, "the branch of the source");
            continue;
        }
        let push = push_branch(automation, source).filter(|push| push.field == PUSH && push.name != checkout.name);
        if let Some(push) = push {
            report_push(context, push, checkout, findings);
        }
    }
}

fn report_push(context: RuleContext<'_>, push: NamedBranch<'_>, checkout: NamedBranch<'_>, findings: &mut Findings) {
    let is_allowed = context.fleet.options.flag(RULE.id, &ALLOW_PULL_REQUEST_BRANCH);
    let message = format!(
        "the automation reads branch `{}` and pushes to `{}`: the clusters of this branch never get its updates",
        checkout.name, push.name
    );
    let finding = findings.report(push.object, push.field, message);
    finding.about(checkout.object, checkout.field).severity(if is_allowed { Severity::Info } else { Severity::Error });
    finding.help(
        "push to the branch that it reads; if pull requests are made from the other one, set `allowPullRequestBranch: true`",
    );
    finding.related(checkout.object, checkout.field, "the branch that it reads");
    push.object.at(push.field).and_then(Node::place).into_iter().for_each(|place| {
        finding.because(Fact::WrongValue(place));
    });
}
