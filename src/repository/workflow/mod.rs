//! Workflows of GitHub Actions, and composite actions: when they run, what their token may do, what their steps do.

mod access;
mod action;
mod job;
mod secret;
mod step;
mod trigger;
mod value;

pub use access::TokenAccess;
pub use action::ActionUse;
pub use job::Job;
pub use secret::SecretUse;
pub use step::{Shell, Step};
pub use trigger::{Filter, Trigger};

use std::sync::Arc;

use smol_str::SmolStr;

use super::written::{Unread, Written};
use crate::source::File;
use crate::yaml::{Documents, Node, Span};
use value::Values;

/// A workflow, or a composite action of the repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workflow {
    /// The path of its file.
    pub path: SmolStr,
    pub name: Option<Written>,
    /// A composite action: it runs when a workflow uses it, with the token of that workflow.
    pub is_action: bool,
    pub triggers: Vec<Trigger>,
    /// What its token may do, where it is said for all jobs.
    pub access: Option<TokenAccess>,
    /// Variables for all jobs. The values of those that look like secrets are left out, as everywhere.
    pub env: Vec<(SmolStr, Written)>,
    pub jobs: Vec<Job>,
    /// Every use of a secret, in the order of the file.
    pub secrets: Vec<SecretUse>,
    /// The beginning of the file.
    pub place: Span,
}

impl Workflow {
    /// The values of variables and inputs that look like secrets and are written here, which no output may show.
    pub(super) fn secret_values(&self) -> impl Iterator<Item = Span> {
        let steps = || self.jobs.iter().flat_map(|job| &job.steps);
        let of_jobs = self.jobs.iter().flat_map(|job| &job.env);
        let of_steps = steps().flat_map(|step| step.env.iter().chain(&step.with));
        let pairs = self.env.iter().chain(of_jobs).chain(of_steps);
        pairs.filter(|(_, value)| value.text.is_empty() && value.unread.is_empty()).map(|(_, value)| value.place)
    }

    /// What the token of a job may do; `None` where the settings of the repository decide.
    pub fn access_of<'w>(&'w self, job: &'w Job) -> Option<&'w TokenAccess> {
        job.access.as_ref().or(self.access.as_ref())
    }
}

/// Reads a workflow, or with `is_action` an action.
///
/// # Errors
/// Why it cannot be read, and where: a workflow that is broken says nothing about the fleet.
pub(super) fn read(file: &Arc<File>, documents: &Documents, is_action: bool) -> Result<Workflow, (Unread, Span)> {
    let place = Span { file: file.id, start: 0, end: 0 };
    let stream = documents.of(file);
    let document = stream.documents.first().ok_or((Unread::Syntax, place))?;
    let document = document.as_ref().map_err(|problem| (Unread::Syntax, problem.place.unwrap_or(place)))?;
    let root = document.root.as_ref().filter(|root| root.as_mapping().is_some()).ok_or((Unread::Syntax, place))?;
    let values = Values { documents, file: file.id };
    let (jobs, triggers) = match is_action {
        true => (job::of_action(values, root)?, Vec::new()),
        false => (job::of_workflow(values, root), trigger::read(values, root)),
    };
    Ok(Workflow {
        path: file.path.as_str().into(),
        name: root.get("name").map(|name| values.written(name)),
        is_action,
        triggers,
        access: root.get("permissions").map(|node| access::read(values, node)),
        env: values.pairs(root.get("env")),
        jobs,
        secrets: secret::uses(values, root),
        place,
    })
}

/// The shell that `defaults.run.shell` names.
fn default_shell(node: &Node) -> Option<&str> {
    node.at("/defaults/run/shell").and_then(Node::text)
}
