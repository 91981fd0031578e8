//! The token of a job may not do what its steps do.

use crate::credentials::Permission;
use crate::finding::{Findings, Place, Severity};
use crate::fleet::Fleet;
use crate::repository::{ChangeKind, Job, Repositories, Step, TokenAccess, Unread, Workflow, Written};
use crate::rule::{Check, Rule};
use crate::tokens::Tokens;

pub(crate) const RULE: Rule = Rule {
    id: "pat-permissions/workflow-token-scope",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "the `permissions` of a workflow leave out what its steps need",
    is_pedantic: false,
    page: include_str!("../../../rules/pat-permissions/workflow-token-scope.md"),
    check: Check::Repository(check),
};

/// The expressions that are the token of the job.
const OWN: [&str; 2] = ["github.token", "secrets.GITHUB_TOKEN"];

/// The actions that propose changes with the token in their input `token`.
const PROPOSING: [&str; 1] = ["peter-evans/create-pull-request"];

/// A permission that a step needs, and what for.
type Need = (&'static str, Permission, &'static str);

fn check(fleet: &Fleet, repositories: &Repositories<'_>, findings: &mut Findings) {
    let tokens = Tokens::of(fleet, repositories);
    for repository in repositories.iter() {
        let is_private = tokens.needs_login(&repository.tree.repository);
        for workflow in repository.workflows().iter().filter(|workflow| !workflow.is_action) {
            for job in &workflow.jobs {
                let Some(access) = workflow.access_of(job) else { continue };
                let needs = job.steps.iter().flat_map(|step| {
                    let needs = needs(workflow, job, step, is_private).into_iter();
                    needs.map(move |need| (step, need))
                });
                let mut reported: Vec<&str> = Vec::new();
                for (step, (permission, level, what)) in needs {
                    if access.allows(permission, level) == Some(false) && !reported.contains(&permission) {
                        reported.push(permission);
                        report(job, access, (permission, level, what), step, findings);
                    }
                }
            }
        }
    }
}

fn report(job: &Job, access: &TokenAccess, (permission, level, what): Need, step: &Step, findings: &mut Findings) {
    let written = format!("{}: {}", permission.replace('_', "-"), level.as_str());
    let message = format!(
        "job `{}` {what}, but its `permissions` leave out `{written}`: what they do not list, the token may not do",
        job.id
    );
    let listed = access.listed.iter().find(|(name, ..)| name == permission);
    let place = listed.map_or(access.place, |(.., place)| *place);
    let finding = findings.report_place(Place::of_span(place), message);
    finding.argument(job.id.as_str()).argument(permission).help(format!("add `{written}` to `permissions`"));
    finding.related_span(Some(step.place), "this step needs it");
}

/// What a step needs of the job's own token.
fn needs(workflow: &Workflow, job: &Job, step: &Step, is_private: bool) -> Vec<Need> {
    const READ: Need = ("contents", Permission::Read, "checks out its private repository");
    const PUSH: Need = ("contents", Permission::Write, "pushes");
    const PROPOSE: Need = ("pull_requests", Permission::Write, "opens pull requests");
    let action = step.uses.as_ref().map(|uses| uses.name.as_str()).unwrap_or_default();
    if action == "actions/checkout" {
        return if is_private && checks_out_itself(step) { vec![READ] } else { Vec::new() };
    }
    if PROPOSING.contains(&action) {
        return if step.input("token").is_none_or(is_own) { vec![PUSH, PROPOSE] } else { Vec::new() };
    }
    let has_own_token = has_own_token(workflow, job, step);
    let pushes_as_itself = job.steps.iter().any(|other| {
        let is_checkout = other.uses.as_ref().is_some_and(|uses| uses.name == "actions/checkout");
        is_checkout && checks_out_itself(other) && other.input("persist-credentials").is_none()
    });
    let own = step.changes().filter(|change| change.repository.is_none());
    let needs = own.filter_map(|change| match change.kind {
        ChangeKind::PullRequest if has_own_token => Some(PROPOSE),
        ChangeKind::Push | ChangeKind::Delete if pushes_as_itself => Some(PUSH),
        _ => None,
    });
    needs.collect()
}

/// Whether a step checks out the repository of the workflow with the token of the job.
fn checks_out_itself(step: &Step) -> bool {
    let is_unset = |input: &str| step.input(input).is_none();
    step.input("token").is_none_or(is_own) && is_unset("ssh-key") && is_unset("repository")
}

/// Whether `gh` logs in with the token of the job.
fn has_own_token(workflow: &Workflow, job: &Job, step: &Step) -> bool {
    let value = |name: &str| {
        let mut all = step.env.iter().chain(&job.env).chain(&workflow.env);
        all.find(|(key, _)| key == name).map(|(_, value)| value)
    };
    value("GH_TOKEN").or_else(|| value("GITHUB_TOKEN")).is_some_and(is_own)
}

fn is_own(value: &Written) -> bool {
    matches!(value.only_unread(), Some(Unread::Expression(text)) if OWN.contains(&text.as_str()))
}
