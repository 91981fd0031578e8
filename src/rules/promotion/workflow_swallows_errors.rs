//! A promotion whose failure goes unnoticed.

use crate::finding::{Findings, Place, Severity};
use crate::fleet::Fleet;
use crate::repository::{Action, Repositories};
use crate::rule::promotion::{WorkflowStep, promoting_repositories, steps};
use crate::rule::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "promotion/workflow-swallows-errors",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "a workflow pipes the command that changes a branch, and its failure goes unnoticed",
    is_pedantic: false,
    page: include_str!("../../../rules/promotion/workflow-swallows-errors.md"),
    check: Check::Repository(check),
};

fn check(fleet: &Fleet, repositories: &Repositories<'_>, findings: &mut Findings) {
    if fleet.profile.environments.is_empty() {
        return;
    }
    for repository in promoting_repositories(fleet, repositories) {
        for WorkflowStep { step, .. } in steps(repository).filter(|it| !it.step.has_pipefail()) {
            for command in step.commands.iter().filter(|it| matches!(it.action, Action::Change(_))) {
                let Some(reader) = &command.piped_into else { continue };
                let message = format!(
                    "the exit status of this command is lost in `{}`: where it fails, the step passes and nothing is promoted",
                    reader.text
                );
                let finding = findings.report_place(Place::of_span(command.place), message);
                finding.help("set `shell: bash`, which GitHub runs with `pipefail`, or begin with `set -o pipefail`");
                finding.related_span(Some(reader.place), "what reads its output");
            }
        }
    }
}
