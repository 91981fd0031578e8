//! Workflows that promote changes from the branch of one environment to that of another.

use crate::fleet::Fleet;
use crate::repository::{Job, Repositories, Repository, Step, Workflow};

/// A step of a workflow.
#[derive(Clone, Copy)]
pub struct WorkflowStep<'a> {
    pub workflow: &'a Workflow,
    pub job: &'a Job,
    pub step: &'a Step,
}

/// The repositories whose workflows count: the fleet's own, and the others at the branches that changes come from. On a branch
/// that is promoted to, a workflow is a copy.
pub fn promoting_repositories<'a, 'r>(
    fleet: &'a Fleet,
    repositories: &'a Repositories<'r>,
) -> impl Iterator<Item = &'a Repository<'r>> + use<'a, 'r> {
    let promoted = fleet.promoted_branches();
    let counts = move |repository: &&Repository<'_>| {
        repository.tree.revision.as_deref().is_none_or(|revision| !promoted.contains(revision))
    };
    repositories.iter().filter(counts)
}

/// The steps of all workflows of a repository.
pub fn steps<'a>(repository: &'a Repository<'_>) -> impl Iterator<Item = WorkflowStep<'a>> {
    repository.workflows().iter().flat_map(|workflow| {
        let of_job = move |job: &'a Job| job.steps.iter().map(move |step| WorkflowStep { workflow, job, step });
        workflow.jobs.iter().flat_map(of_job)
    })
}
