//! Which commands share their variables: the same name means the same value there.

use crate::repository::{Action, Command, CreatedObject, ObjectKind, Repositories, Repository, Unread, ValueSource};
use crate::yaml::Span;

/// A token that a command stores in a Secret.
#[derive(Clone, Copy, Debug)]
pub struct Stored<'r> {
    pub object: &'r CreatedObject,
    /// The variable or expression that holds the token.
    pub from: &'r Unread,
    /// Where it is written.
    pub place: Span,
}

/// The token of a job: it ends with the job, and nothing that is stored with it lives on.
const OF_JOB: [&str; 2] = ["secrets.GITHUB_TOKEN", "github.token"];

/// The keys that hold tokens.
const KEYS: [&str; 3] = ["password", "bearerToken", "token"];

/// Tokens that come from one variable which keeps its value in between, in groups of two or more.
pub(super) fn shared<'r>(repositories: &'r Repositories<'_>) -> Vec<Vec<Stored<'r>>> {
    let rooms = repositories.iter().flat_map(rooms);
    let shared = rooms.flat_map(|commands| in_room(&commands));
    shared.filter(|group| group.len() > 1).collect()
}

/// The commands that share their variables: of a section of a page, of a script, of a step.
fn rooms<'r>(repository: &'r Repository<'_>) -> Vec<Vec<&'r Command>> {
    let pages = repository.runbooks().iter().flat_map(|page| {
        let commands: Vec<&Command> = page.commands.iter().collect();
        let sections = commands.chunk_by(|a, b| page.section_of(a.place) == page.section_of(b.place));
        sections.map(<[&Command]>::to_vec).collect::<Vec<_>>()
    });
    let scripts = repository.scripts().iter().map(|script| script.commands.iter().collect());
    let jobs = repository.workflows().iter().flat_map(|workflow| &workflow.jobs);
    let steps = jobs.flat_map(|job| &job.steps).map(|step| step.commands.iter().collect());
    pages.chain(scripts).chain(steps).collect()
}

fn in_room<'r>(commands: &[&'r Command]) -> Vec<Vec<Stored<'r>>> {
    let mut groups: Vec<Vec<Stored<'r>>> = Vec::new();
    // Those that can still grow: nothing has given their variable another value.
    let mut open: Vec<usize> = Vec::new();
    for command in commands {
        match &command.action {
            Action::Assign(names) => open.retain(|group| {
                let is_changed = |it: &Stored<'_>| matches!(it.from, Unread::Variable(name) if names.contains(name));
                !groups.get(*group).and_then(|it| it.first()).is_some_and(is_changed)
            }),
            Action::Create(object) if object.kind == ObjectKind::Secret => {
                let Some(stored) = stored(object) else { continue };
                let is_same =
                    |group: &&usize| groups.get(**group).is_some_and(|it| it.iter().any(|it| it.from == stored.from));
                match open.iter().find(is_same).copied() {
                    Some(group) => groups.get_mut(group).into_iter().for_each(|it| it.push(stored)),
                    None => {
                        open.push(groups.len());
                        groups.push(vec![stored]);
                    }
                }
            }
            _ => {}
        }
    }
    groups
}

fn stored(object: &CreatedObject) -> Option<Stored<'_>> {
    let mut keys = object.keys.iter().filter(|key| KEYS.contains(&key.name.as_str()));
    keys.find_map(|key| {
        let ValueSource::Elsewhere(from) = &key.value else { return None };
        let is_named = match from {
            Unread::Variable(_) => true,
            Unread::Expression(text) => !OF_JOB.contains(&text.as_str()),
            _ => false,
        };
        is_named.then_some(Stored { object, from, place: key.value_place? })
    })
}
