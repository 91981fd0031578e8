//! What commands create, by namespace and name.

use std::collections::HashMap;

use smol_str::SmolStr;

use super::command::{Action, Command, CreatedObject, ObjectKind};
use super::facts::Facts;

/// A command that creates an object.
#[derive(Clone, Copy, Debug)]
pub struct Created<'a> {
    /// The name of the repository.
    pub repository: &'a str,
    /// The path of the file.
    pub path: &'a SmolStr,
    pub command: &'a Command,
    pub object: &'a CreatedObject,
    /// Namespace and name are those that were asked for; else they may be.
    pub is_certain: bool,
}

/// The number of a repository, and of a command of it.
type At = (usize, usize);

/// A command that creates an object of a known name, and its namespace where that is known.
type Named = (At, Option<SmolStr>);

/// The commands that create objects.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// By kind and name, with the namespace where it is known.
    named: HashMap<(ObjectKind, SmolStr), Vec<Named>>,
    /// Those whose names are decided elsewhere, with the beginning and the end that are known.
    open: Vec<(At, CreatedObject)>,
}

impl Index {
    pub(super) fn of<'f>(repositories: impl Iterator<Item = &'f Facts>) -> Self {
        let mut index = Self::default();
        for (repository, facts) in repositories.enumerate() {
            for (number, (_, command)) in facts.commands().enumerate() {
                let Action::Create(object) = &command.action else { continue };
                index.add((repository, number), object);
            }
        }
        index
    }

    fn add(&mut self, at: At, object: &CreatedObject) {
        match object.name.text() {
            Some(name) => {
                let namespace = object.namespace.text().map(SmolStr::from);
                self.named.entry((object.kind, name.into())).or_default().push((at, namespace));
            }
            None => self.open.push((at, object.clone())),
        }
    }

    /// The commands that create an object or may: repository, command, and whether it is certain.
    pub(super) fn find(&self, kind: ObjectKind, namespace: &str, name: &str) -> Vec<(usize, usize, bool)> {
        let named = self.named.get(&(kind, name.into())).into_iter().flatten();
        let named = named.filter_map(|((repository, command), known)| match known {
            Some(known) => (known == namespace).then_some((*repository, *command, true)),
            None => Some((*repository, *command, false)),
        });
        let is_possible = |object: &CreatedObject| {
            object.kind == kind
                && object.namespace.text().is_none_or(|known| known == namespace)
                && may_be(object, name)
        };
        let open = self.open.iter().filter(|(_, object)| is_possible(object));
        named.chain(open.map(|((repository, command), _)| (*repository, *command, false))).collect()
    }
}

/// Whether a name with variables may be this one: what is before the first of them is its beginning.
fn may_be(object: &CreatedObject, name: &str) -> bool {
    let start = object.name.text.split(['$', '{', '<', '`']).next().unwrap_or_default();
    name.starts_with(start)
}
