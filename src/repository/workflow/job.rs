//! Jobs.

use smol_str::SmolStr;

use super::access::{self, TokenAccess};
use super::default_shell;
use super::step::{self, Step};
use super::value::Values;
use crate::repository::written::{Unread, Written};
use crate::yaml::{Node, Span};

/// A job of a workflow; the steps of a composite action are one, too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its key.
    pub id: SmolStr,
    /// The key.
    pub place: Span,
    pub access: Option<TokenAccess>,
    /// The workflow that it calls instead of having steps.
    pub calls: Option<Written>,
    /// Labels of the runner.
    pub runs_on: Vec<Written>,
    /// The environment of GitHub that it deploys to.
    pub environment: Option<Written>,
    /// The jobs that it waits for.
    pub needs: Vec<Written>,
    pub env: Vec<(SmolStr, Written)>,
    pub steps: Vec<Step>,
    /// What it does that is not read: the workflow of elsewhere that it calls.
    pub unread: Option<Unread>,
}

pub(super) fn of_workflow(values: Values<'_>, root: &Node) -> Vec<Job> {
    let jobs = root.get("jobs").map(Node::entries).unwrap_or_default();
    let read = |entry: &crate::yaml::Entry| {
        let runs_on = entry.value.get("runs-on");
        let runs_on = values.list(runs_on.and_then(|node| node.get("labels")).or(runs_on));
        let shell = default_shell(&entry.value).or_else(|| default_shell(root));
        let is_windows = runs_on.iter().any(|label| label.text.to_ascii_lowercase().contains("windows"));
        let shell = shell.or(is_windows.then_some("pwsh"));
        let calls = entry.value.get("uses").map(|uses| values.written(uses));
        let environment = entry.value.get("environment");
        Job {
            id: entry.key.text().unwrap_or_default().into(),
            place: values.place(&entry.key),
            access: entry.value.get("permissions").map(|node| access::read(values, node)),
            // One of this repository is among the workflows.
            unread: calls
                .as_ref()
                .filter(|uses| !uses.text.starts_with("./"))
                .map(|uses| Unread::Workflow(uses.text.clone())),
            calls,
            runs_on,
            environment: environment.map(|node| values.written(node.get("name").unwrap_or(node))),
            needs: values.list(entry.value.get("needs")),
            env: values.pairs(entry.value.get("env")),
            steps: step::read(values, entry.value.get("steps"), shell),
        }
    };
    jobs.iter().map(read).collect()
}

/// The steps of a composite action; no job for another one.
pub(super) fn of_action(values: Values<'_>, root: &Node) -> Result<Vec<Job>, (Unread, Span)> {
    let runs = root.get("runs").ok_or((Unread::Syntax, values.place(root)))?;
    let Some(steps) = runs.get("steps") else { return Ok(Vec::new()) };
    Ok(vec![Job {
        id: "runs".into(),
        place: values.place(runs),
        access: None,
        calls: None,
        runs_on: Vec::new(),
        environment: None,
        needs: Vec::new(),
        env: Vec::new(),
        steps: step::read(values, Some(steps), None),
        unread: None,
    }])
}
