//! The repositories that `--source` gives, read at what the sources of a fleet name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::cache::Cache;
use super::composed::{self, Member};
use super::git::{self, GitRepository, Resolved};
use super::open::canonical_folder;
use super::snapshot::{Content, Snapshot};
use super::{Files, OpenError, Reference, SourceArgument, Tree, url, worktree};

/// What a source of the fleet is on this machine.
#[derive(Clone, Debug)]
pub enum Resolution {
    Tree(Arc<Tree>),
    /// No `--source` names its URL.
    NotGiven,
    /// The repository lacks the branch, tag or commit; it has these branches, then these tags, each sorted.
    NoSuchReference {
        available: Vec<String>,
    },
    /// It cannot be read, and why.
    Failed(String),
}

/// A composed tree by its name and its files.
type Composition = (Arc<str>, Arc<[Member]>);

/// All `--source` arguments. Shared by threads; everything is read when it is first asked for, and once per run.
#[derive(Debug)]
pub struct Sources {
    files: Arc<Files>,
    /// By normalized URL.
    given: BTreeMap<String, Given>,
    repositories: Cache<PathBuf, Result<GitRepository, String>>,
    answers: Cache<(String, Reference), Resolution>,
    /// Several references may mean the same branch.
    trees: Cache<(String, Resolved), Result<Arc<Tree>, String>>,
    folders: Cache<String, Result<Arc<Tree>, String>>,
    compositions: Cache<Composition, Arc<Tree>>,
    /// Trees of one file that no disk holds, by repository, path and text.
    written: Cache<(Arc<str>, String, String), Arc<Tree>>,
}

#[derive(Debug)]
struct Given {
    /// The name in reports.
    name: Arc<str>,
    /// Canonical.
    path: PathBuf,
    is_repository: bool,
    revision: Option<String>,
}

impl Sources {
    /// Takes the arguments in; a later one for the same URL wins. Reads nothing yet.
    ///
    /// # Errors
    /// If a path is no folder, or a revision is named of what is no Git repository.
    pub fn new(files: &Arc<Files>, arguments: &[SourceArgument]) -> Result<Self, OpenError> {
        let mut given = BTreeMap::new();
        for argument in arguments {
            given.insert(url::normalize(&argument.url), Given::new(argument)?);
        }
        Ok(Self {
            files: Arc::clone(files),
            given,
            repositories: Cache::default(),
            answers: Cache::default(),
            trees: Cache::default(),
            folders: Cache::default(),
            compositions: Cache::default(),
            written: Cache::default(),
        })
    }

    /// The files behind a URL, in any spelling, at a reference. The same answer is the same tree.
    ///
    /// In a Git repository that is the branch or tag that the reference names, or the revision that the argument names
    /// for all of them, without a checkout. A plain folder stands for every branch (contract, "Options").
    pub fn resolve(&self, url: &str, reference: &Reference) -> Resolution {
        let url = url::normalize(url);
        let Some(given) = self.given.get(&url) else { return Resolution::NotGiven };
        self.answers.get_or_make(&(url.clone(), reference.clone()), || {
            let answer = if given.is_repository {
                self.commit(&url, given, reference)
            } else {
                self.folder(&url, given).map(Resolution::Tree)
            };
            answer.unwrap_or_else(Resolution::Failed)
        })
    }

    /// The tree of files of other trees, which reports call `name` (its files keep their names). Equal compositions of
    /// one name are the same tree.
    pub fn compose(&self, name: &str, mut members: Vec<Member>) -> Arc<Tree> {
        members.sort_by(|left, right| left.path.cmp(&right.path));
        members.dedup_by(|later, earlier| later.path == earlier.path);
        let key: Composition = (name.into(), members.into());
        self.compositions.get_or_make(&key, || Arc::new(composed::tree(&self.files, Arc::clone(&key.0), &key.1)))
    }

    /// A tree of one file that was made of others, under the name of one of these. Equal files are the same tree.
    pub fn written(&self, repository: &Arc<str>, path: &str, text: String) -> Arc<Tree> {
        let key = (Arc::clone(repository), path.to_owned(), text);
        self.written.get_or_make(&key, || {
            let (paths, content) = (vec![path.to_owned()], Content::Memory(vec![key.2.clone().into_bytes()]));
            let snapshot = Snapshot::new(Arc::clone(&self.files), Arc::clone(repository), None, paths, content);
            Arc::new(Tree::listed(snapshot))
        })
    }

    fn folder(&self, url: &str, given: &Given) -> Result<Arc<Tree>, String> {
        self.folders.get_or_make(url, || {
            let tree = worktree::read(&self.files, Arc::clone(&given.name), given.path.clone());
            tree.map(Arc::new).map_err(|error| reason(&error))
        })
    }

    fn commit(&self, url: &str, given: &Given, reference: &Reference) -> Result<Resolution, String> {
        let repository = self.repository(&given.path)?;
        let found = match &given.revision {
            Some(revision) => repository.find_revision(revision)?,
            None => repository.find(reference)?,
        };
        let Some(found) = found else {
            return Ok(Resolution::NoSuchReference { available: repository.available() });
        };
        let tree = self.trees.get_or_make(&(url.to_owned(), found.clone()), || self.read(&repository, given, found));
        tree.map(Resolution::Tree)
    }

    fn repository(&self, path: &Path) -> Result<GitRepository, String> {
        self.repositories.get_or_make(path, || GitRepository::open(path))
    }

    fn read(&self, repository: &GitRepository, given: &Given, found: Resolved) -> Result<Arc<Tree>, String> {
        let (paths, blobs) = repository.list(found.commit)?;
        let (name, revision) = (Arc::clone(&given.name), Some(Arc::from(found.label)));
        let snapshot = Snapshot::new(Arc::clone(&self.files), name, revision, paths, Content::Commit(blobs));
        Ok(Arc::new(Tree::listed(snapshot)))
    }
}

/// Whether an argument can be used: its path is a folder, and a repository if it names a revision.
///
/// # Errors
/// As [`Sources::new`].
pub fn check_argument(argument: &SourceArgument) -> Result<(), OpenError> {
    Given::new(argument).map(|_| ())
}

impl Given {
    fn new(argument: &SourceArgument) -> Result<Self, OpenError> {
        let path = canonical_folder(&argument.path)?;
        let is_repository = git::is_repository(&path);
        if let (false, Some(revision)) = (is_repository, &argument.revision) {
            return Err(OpenError::NoRevisions { path: argument.path.clone(), revision: revision.clone() });
        }
        let name = Arc::from(url::last_segment(&argument.url));
        Ok(Self { name, path, is_repository, revision: argument.revision.clone() })
    }
}

/// Why a folder cannot be read, without its place on this machine: that is no part of a report.
fn reason(error: &OpenError) -> String {
    match error {
        OpenError::NotFound { .. } => "it does not exist any more".to_owned(),
        OpenError::TooManyFiles { limit, .. } => format!("it has more than {limit} files"),
        OpenError::Unreadable { reason, .. } => reason.clone(),
        OpenError::NotAFolder { .. } | OpenError::NotUtf8 { .. } | OpenError::NoRevisions { .. } => {
            "it is no folder that fleetlint can read".to_owned()
        }
    }
}
