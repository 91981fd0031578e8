//! Where the parts of a repository are: `.git`, the folder that a `.git` file names, or a bare repository itself.

use std::path::{Path, PathBuf};

use super::super::read::regular_file;

/// The Git directory of a work tree, or a bare repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct GitFolder {
    /// What belongs to this work tree: `HEAD`, `index`.
    pub own: PathBuf,
    /// What all work trees of the repository share: `config`, `shallow`, references, objects.
    pub common: PathBuf,
}

/// What `HEAD` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Head {
    /// A branch, which need not have a commit yet.
    Branch(String),
    /// A commit, by its full id: detached.
    Commit(String),
}

impl GitFolder {
    /// That of a folder which holds `.git`, or is bare; `None` if nothing like a repository is there.
    pub(in super::super) fn of(folder: &Path) -> Option<Self> {
        let dot_git = folder.join(".git");
        let own = if dot_git.is_file() { named(&dot_git)? } else { dot_git };
        let own = if own.join("HEAD").is_file() { own } else { bare(folder)? };
        let common = line(&own.join("commondir")).map_or_else(|| own.clone(), |path| own.join(path));
        Some(Self { own, common })
    }

    /// What `HEAD` names; `None` if it cannot be read.
    pub(in super::super) fn head(&self) -> Option<Head> {
        let text = line(&self.own.join("HEAD"))?;
        match text.strip_prefix("ref:") {
            Some(name) => Some(Head::Branch(name.trim().strip_prefix("refs/heads/")?.to_owned())),
            None => Some(Head::Commit(text)),
        }
    }
}

/// A bare repository: the folder holds what otherwise `.git` does.
fn bare(folder: &Path) -> Option<PathBuf> {
    super::is_bare(folder).then(|| folder.to_owned())
}

/// The folder that a `.git` file names: that of a linked work tree, or of a submodule.
fn named(dot_git: &Path) -> Option<PathBuf> {
    let path = line(dot_git)?.strip_prefix("gitdir:")?.trim().to_owned();
    Some(dot_git.parent()?.join(path))
}

/// The text of a file of one line.
fn line(path: &Path) -> Option<String> {
    let bytes = regular_file(path).ok()?;
    let text = std::str::from_utf8(&bytes).ok()?.trim_end_matches(['\n', '\r']);
    (!text.is_empty() && !text.contains('\n')).then(|| text.to_owned())
}
