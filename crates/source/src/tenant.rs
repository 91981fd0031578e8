//! `--tenant-repo`: the clone of a repository that the fleet reads, whose working tree stands for a branch.

use std::fmt;
use std::path::{Path, PathBuf};

use super::argument::SourceArgument;
use super::folder::canonical_folder;
use super::git::{self, GitFolder, Head};
use super::{OpenError, url};

/// `--tenant-repo PATH[@BRANCH]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantArgument {
    pub path: PathBuf,
    /// The branch that the working tree stands for; the one that is checked out, if none is given.
    pub branch: Option<String>,
}

/// A clone as a source of the fleet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantRepository {
    pub source: SourceArgument,
    /// Its name in reports.
    pub name: String,
}

impl TenantArgument {
    /// If all of the text exists, it is the path, else the branch is what follows the last `@`.
    ///
    /// # Errors
    /// One of the two is empty.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (path, branch) = match text.rsplit_once('@') {
            Some((path, branch)) if !Path::new(text).exists() => (path, Some(branch)),
            _ => (text, None),
        };
        if path.is_empty() || branch == Some("") {
            return Err(format!("`{text}` is not complete: expected `PATH` or `PATH@BRANCH`"));
        }
        let branch = branch.map(|branch| branch.strip_prefix("refs/heads/").unwrap_or(branch).to_owned());
        Ok(Self { path: path.into(), branch })
    }

    /// The source that the fleet reads it by: its remote says which URL, and `HEAD` which branch.
    ///
    /// # Errors
    /// It is not a clone, or no branch is checked out.
    pub fn resolve(&self) -> Result<TenantRepository, OpenError> {
        let root = canonical_folder(&self.path)?;
        let path = || self.path.clone();
        let git = GitFolder::of(&root).ok_or_else(|| OpenError::NoClone { path: path() })?;
        let remotes = git::settings(&git.common).remotes;
        let origin = remotes.iter().find(|remote| remote.name == "origin").or(remotes.first());
        let address =
            origin.and_then(|remote| remote.urls.first()).ok_or_else(|| OpenError::NoClone { path: path() })?;
        let branch = match (self.branch.clone(), git.head()) {
            (Some(branch), _) | (None, Some(Head::Branch(branch))) => branch,
            (None, _) => return Err(OpenError::Detached { path: path() }),
        };
        let revision = Some(format!("{branch}:worktree"));
        let source = SourceArgument { url: address.clone(), path: path(), revision };
        Ok(TenantRepository { source, name: url::last_segment(address).to_owned() })
    }
}

impl fmt::Display for TenantArgument {
    /// As it is written.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let branch = self.branch.iter().map(|branch| format!("@{branch}")).collect::<String>();
        write!(formatter, "{}{branch}", self.path.display())
    }
}
