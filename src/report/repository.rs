//! The repositories that a run read, and the one that it checks.

use std::sync::Arc;

use serde::Serialize;

use crate::source::{File, Tree};

/// A repository at what was read of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Repository {
    /// The name in reports.
    pub name: String,
    /// Without scheme, user and `.git`; `None` where no file and no remote says it.
    pub url: Option<String>,
    /// Its folder, as it is written in the current one.
    pub path: Option<String>,
    /// The branch or tag; `None` for a working tree.
    pub revision: Option<String>,
}

/// The repository that a run is about: its files are the ones that machines can show.
#[derive(Clone, Debug, Default)]
pub struct Home {
    pub repository: Arc<str>,
    /// The revision that is checked; `None` for a working tree.
    pub revision: Option<Arc<str>>,
    /// Every revision of it counts: the run was restricted to it.
    pub is_any_revision: bool,
    /// Its files; `None` where the name says enough.
    pub tree: Option<Arc<Tree>>,
    /// Its folder in the Git repository that it is a part of; empty for all of it.
    pub prefix: String,
}

impl Home {
    /// Whether a file is in the repository, as the one who reads the report has it. Another repository may have the name of
    /// its folder.
    pub fn holds(&self, file: &File) -> bool {
        let is_named = file.repository == self.repository && (self.is_any_revision || file.revision == self.revision);
        is_named && self.tree.as_ref().is_none_or(|tree| is_of(tree, file))
    }
}

/// Whether a file was read from a tree; also one that only shows a name which is not UTF-8.
fn is_of(tree: &Tree, file: &File) -> bool {
    match tree.file(&file.path) {
        Ok(own) => own.id == file.id,
        Err(_) => tree.odd_names().iter().any(|own| own.id == file.id),
    }
}
