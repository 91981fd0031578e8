//! A pull request that starts no workflow.

use smol_str::SmolStr;

use crate::finding::{Findings, Place, Severity};
use crate::fleet::Fleet;
use crate::repository::{ChangeKind, Repositories, Unread, Workflow, Written};
use crate::rule::promotion::{WorkflowStep, promoting_repositories, steps};
use crate::rule::{Check, Rule};
use crate::yaml::Span;

pub(crate) const RULE: Rule = Rule {
    id: "promotion/pr-created-with-github-token",
    severity: Severity::Info,
    since: "0.1.0",
    summary: "a workflow opens pull requests with GITHUB_TOKEN: no workflow checks them",
    is_pedantic: false,
    page: include_str!("../../../rules/promotion/pr-created-with-github-token.md"),
    check: Check::Repository(check),
};

/// What a workflow writes for its own token.
const OWN_TOKEN: [&str; 2] = ["secrets.GITHUB_TOKEN", "github.token"];

fn check(fleet: &Fleet, repositories: &Repositories<'_>, findings: &mut Findings) {
    if fleet.profile.environments.is_empty() {
        return;
    }
    for repository in promoting_repositories(fleet, repositories) {
        // Without workflows for pull requests there is nothing that could be missing.
        let is_for_pull_requests = |workflow: &Workflow| workflow.triggers.iter().any(|it| it.event == "pull_request");
        let Some(checking) = repository.workflows().iter().find(|workflow| is_for_pull_requests(workflow)) else {
            continue;
        };
        for at in steps(repository) {
            let opens = at.step.changes().find(|change| change.kind == ChangeKind::PullRequest);
            let Some((change, token)) = opens.zip(own_token(at)) else { continue };
            let message =
                "this pull request is opened with `GITHUB_TOKEN`: it starts no workflow, so that nothing checks it";
            let finding = findings.report_place(Place::of_span(token), message);
            finding.argument(change.to.text.as_str());
            finding.help("use the token of a GitHub App or a fine-grained token with Pull requests: write");
            finding.related_span(Some(checking.place), "this workflow would check it");
        }
    }
}

/// Where a step gets the token of the workflow itself.
fn own_token(WorkflowStep { workflow, job, step }: WorkflowStep<'_>) -> Option<Span> {
    let is_token = |(name, _): &&(SmolStr, Written)| matches!(name.as_str(), "GH_TOKEN" | "GITHUB_TOKEN");
    let given = || [&step.env, &job.env, &workflow.env].into_iter().find_map(|env| env.iter().find(is_token));
    let written = match &step.uses {
        Some(_) => step.input("token").or_else(|| step.input("github_token")),
        None => given().map(|(_, written)| written),
    };
    let is_own = |written: &&Written| {
        let mut unread = written.unread.iter();
        unread.any(|it| matches!(it, Unread::Expression(text) if OWN_TOKEN.contains(&text.trim())))
    };
    written.filter(is_own).map(|written| written.place)
}
