//! Steps: an action that is used, or commands.

use smol_str::SmolStr;

use super::action::{self, ActionUse};
use super::value::Values;
use crate::repository::command::{self, Action, BranchChange, Command};
use crate::repository::shell::Dialect;
use crate::repository::written::{Unread, Written};
use crate::yaml::{Node, Span};

/// A step of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub name: Option<Written>,
    /// Its first key.
    pub place: Span,
    /// The action that it uses.
    pub uses: Option<ActionUse>,
    /// The inputs of the action.
    pub with: Vec<(SmolStr, Written)>,
    pub env: Vec<(SmolStr, Written)>,
    /// The value of `run`.
    pub run: Option<Span>,
    /// What `run` does, as far as it was read.
    pub commands: Vec<Command>,
    pub shell: Shell,
    /// The changes of branches that the action makes.
    pub action_changes: Vec<BranchChange>,
    /// What was not read: the action, or the commands of another shell.
    pub unread: Option<Unread>,
}

/// The shell of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shell {
    /// None is named: `bash -e`, or `sh -e` where there is no bash. A command that fails before a `|` goes unnoticed.
    Unnamed,
    /// `bash` by name, which GitHub runs with `pipefail`, or a command line that sets it.
    Pipefail,
    /// `sh`, or a command line without `pipefail`.
    Plain,
    /// Another shell, whose commands are not read.
    Other(SmolStr),
}

impl Step {
    /// The value of an input.
    pub fn input(&self, name: &str) -> Option<&Written> {
        self.with.iter().find(|(input, _)| input == name).map(|(_, value)| value)
    }

    /// The changes of branches that its commands and its action make.
    pub fn changes(&self) -> impl Iterator<Item = &BranchChange> {
        let of_commands = self.commands.iter().filter_map(|command| match &command.action {
            Action::Change(change) => Some(change),
            _ => None,
        });
        of_commands.chain(&self.action_changes)
    }

    /// Whether a command that fails before a `|` fails the step: by its shell, or because its script says so.
    pub fn has_pipefail(&self) -> bool {
        let sets = |command: &Command| match &command.action {
            Action::SetOptions(options) => options.iter().any(|option| option == "pipefail"),
            _ => false,
        };
        self.shell == Shell::Pipefail || self.commands.iter().any(sets)
    }
}

/// The steps of a job whose default shell has this name.
pub(super) fn read(values: Values<'_>, node: Option<&Node>, default: Option<&str>) -> Vec<Step> {
    let steps = node.map(Node::items).unwrap_or_default().iter().filter(|step| step.as_mapping().is_some());
    steps.map(|step| read_step(values, step, default)).collect()
}

fn read_step(values: Values<'_>, step: &Node, default: Option<&str>) -> Step {
    let shell = shell(step.get("shell").and_then(Node::text).or(default));
    let run = step.get("run").filter(|run| run.text().is_some());
    let (mut unread, mut commands) = (None, Vec::new());
    match (&shell, run) {
        (_, None) => {}
        (Shell::Other(name), Some(_)) => unread = Some(Unread::Shell(name.clone())),
        (_, Some(run)) => commands = command::read(&values.snippet(run), Dialect::Shell),
    }
    let with = values.pairs(step.get("with"));
    let uses = step.get("uses").map(|uses| ActionUse::of(values.written(uses)));
    let place = values.place(step.entries().first().map_or(step, |entry| &entry.key));
    let action_changes = uses.as_ref().and_then(|uses| action::changes(uses, &with, place));
    if let Some(uses) = uses.as_ref().filter(|uses| action_changes.is_none() && !uses.is_local()) {
        unread = Some(Unread::Workflow(uses.written.text.clone()));
    }
    Step {
        name: step.get("name").map(|name| values.written(name)),
        place,
        with,
        env: values.pairs(step.get("env")),
        run: run.map(|run| values.place(run)),
        commands,
        shell,
        action_changes: action_changes.unwrap_or_default(),
        uses,
        unread,
    }
}

fn shell(name: Option<&str>) -> Shell {
    let Some(name) = name else { return Shell::Unnamed };
    let program = name.split_whitespace().next().unwrap_or_default();
    match program.rsplit('/').next().unwrap_or_default() {
        "bash" if name == "bash" || name.contains("pipefail") => Shell::Pipefail,
        "bash" | "sh" | "zsh" | "dash" => Shell::Plain,
        other => Shell::Other(other.into()),
    }
}
