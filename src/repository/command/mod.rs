//! What shell commands do to a fleet: Secrets they create, clusters they bootstrap, branches they change. Read, never run.

mod arguments;
mod bootstrap;
mod branch;
mod forms;
mod object;

pub use bootstrap::Bootstrap;
pub use branch::{BranchChange, ChangeKind};
pub use forms::Tool;
pub use object::{CreatedObject, Key, ObjectKind, StoredSecret, ValueSource};

use smol_str::SmolStr;

use super::shell::{self, Dialect, ShellCommand, Word};
use super::snippet::Snippet;
use super::written::{Unread, Written};
use crate::source::url;
use crate::yaml::Span;

/// A command that says something about a fleet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    pub action: Action,
    /// From its program to its last argument.
    pub place: Span,
    /// It is a condition (`if`, `while`, `&&`, `||`): where it fails, the script goes on.
    pub is_condition: bool,
    /// The program that reads its output. Without `pipefail` its exit status is lost.
    pub piped_into: Option<Written>,
}

impl Command {
    /// The secrets that are written here, which no output may show.
    pub(super) fn secrets(&self) -> Vec<Span> {
        match &self.action {
            Action::Create(object) if object.kind == ObjectKind::Secret => {
                let literal = object.keys.iter().filter(|key| key.value == ValueSource::Literal);
                literal.filter(|key| key.name != "username").filter_map(|key| key.value_place).collect()
            }
            Action::Store(stored) if stored.value == ValueSource::Literal => stored.value_place.into_iter().collect(),
            Action::Bootstrap(bootstrap) => bootstrap.secrets.clone(),
            _ => Vec::new(),
        }
    }
}

/// What a command does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Creates a Secret or a ConfigMap on a cluster.
    Create(CreatedObject),
    /// Stores a secret at GitHub, where workflows find it.
    Store(StoredSecret),
    /// Installs Flux and lets it sync a repository.
    Bootstrap(Bootstrap),
    /// Pushes, merges or proposes what becomes of a branch; once per branch.
    Change(BranchChange),
    /// Sets options of the shell (`set -o pipefail`).
    SetOptions(Vec<SmolStr>),
    /// Gives variables that may hold secrets another value.
    Assign(Vec<SmolStr>),
    /// Does what was not read, and may create objects.
    Unread(Unread),
}

/// What the commands of a snippet do, in its order.
pub(super) fn read(snippet: &Snippet<'_>, dialect: Dialect) -> Vec<Command> {
    if !may_matter(&snippet.text) {
        return Vec::new();
    }
    let commands = shell::read(&snippet.text, dialect);
    let next = commands.iter().skip(1).map(Some).chain([None]);
    let with_next = commands.iter().zip(next);
    let read = with_next.flat_map(|(command, next)| {
        let reader = Reader { snippet, command };
        let piped_into = next.filter(|_| command.is_piped).and_then(|next| next.words.first());
        let piped_into = piped_into.map(|program| reader.written(program));
        let (place, is_condition) = (reader.place(), command.is_condition);
        let finished = move |action: Action| Command { action, place, is_condition, piped_into: piped_into.clone() };
        reader.actions().into_iter().map(finished).collect::<Vec<_>>()
    });
    read.collect()
}

/// Whether a text names one of the programs, so that it is worth reading.
fn may_matter(text: &str) -> bool {
    ["flux", "kubectl", "oc ", "gh ", "git ", "set -", "export ", "read "].iter().any(|program| text.contains(program))
}

/// Reads one command.
#[derive(Clone, Copy)]
struct Reader<'a> {
    snippet: &'a Snippet<'a>,
    command: &'a ShellCommand,
}

impl<'a> Reader<'a> {
    fn actions(self) -> Vec<Action> {
        let Some((program, arguments)) = self.command.words.split_first() else {
            return self.assigned(&self.command.assignments);
        };
        if !program.unread.is_empty() {
            return Vec::new();
        }
        match program.text.rsplit('/').next().unwrap_or_default() {
            "flux" => self.flux(arguments),
            "flux-operator" => self.created(Tool::FluxOperator, arguments),
            "kubectl" | "oc" => self.created(Tool::Kubectl, arguments),
            "gh" => self.gh(arguments),
            "git" => self.git(arguments),
            "export" | "declare" | "local" | "read" | "readonly" => self.assigned(arguments),
            "set" => vec![Action::SetOptions(arguments.iter().map(|word| word.text.as_str().into()).collect())],
            _ => Vec::new(),
        }
    }

    /// The variables among the words of an assignment that may hold secrets: others are of no interest.
    fn assigned(self, words: &[Word]) -> Vec<Action> {
        let names = words.iter().filter(|word| !word.text.starts_with('-')).map(|word| word.text.split('=').next());
        let is_secret = |name: &&str| {
            let upper = name.to_ascii_uppercase();
            let mut words = upper.split('_');
            ["TOKEN", "PASS", "SECRET"].iter().any(|word| upper.contains(word))
                || words.any(|it| it == "PAT" || it == "KEY")
        };
        let secret: Vec<SmolStr> = names.flatten().filter(is_secret).map(SmolStr::from).collect();
        if secret.is_empty() { Vec::new() } else { vec![Action::Assign(secret)] }
    }

    fn flux(self, arguments: &'a [Word]) -> Vec<Action> {
        match self.bootstrap(arguments) {
            Some(bootstrap) => vec![Action::Bootstrap(bootstrap)],
            None => self.created(Tool::Flux, arguments),
        }
    }

    fn place(self) -> Span {
        let words = if self.command.words.is_empty() { &self.command.assignments } else { &self.command.words };
        let start = words.first().map_or(0, |word| word.range.start);
        self.snippet.span(start..words.last().map_or(start, |word| word.range.end))
    }

    /// A word as a fact keeps it.
    fn written(self, word: &Word) -> Written {
        let place = self.snippet.span(word.inside(&self.snippet.text));
        Written { text: without_password(&word.text).into(), unread: word.unread.clone(), place }
    }
}

/// A text without the user and password of a URL, if it has a password.
fn without_password(text: &str) -> String {
    let user = text.split_once("://").and_then(|(_, rest)| Some(rest.split('/').next()?.rsplit_once('@')?.0));
    match user {
        Some(user) if user.contains(':') || !text.starts_with("ssh:") => url::without_user(text),
        _ => text.to_owned(),
    }
}
