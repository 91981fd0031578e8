//! A Git repository on this machine, read at what a source names: each answer and each tree is made once.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use super::cache::Cache;
use super::git::{GitRepository, Listing, Resolved, quoted};
use super::snapshot::{Content, Snapshot};
use super::{Files, Reference, Resolution, Tree};

/// A repository, opened when it is first asked. Shared by threads.
#[derive(Debug)]
pub(super) struct LocalRepository {
    files: Arc<Files>,
    /// The name in reports.
    name: Arc<str>,
    /// Canonical.
    path: PathBuf,
    shown: Shown,
    opened: OnceLock<Result<GitRepository, String>>,
    answers: Cache<Question, Resolution>,
    /// Several references may mean the same branch.
    trees: Cache<Resolved, Result<Arc<Tree>, String>>,
}

/// A repository as lines for a shell name it.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    /// As the user names it.
    pub path: String,
    /// Where it comes from: a URL, or the name of a remote.
    pub url: String,
}

/// What is asked of a repository.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Question {
    /// What a source names.
    Reference(Reference),
    /// What a person names: a branch, tag, full reference or commit.
    Revision(String),
    /// The commit that is checked out, which reports call by this name.
    Head(String),
}

impl LocalRepository {
    pub(super) fn new(files: &Arc<Files>, name: Arc<str>, path: PathBuf, shown: Shown) -> Self {
        Self {
            files: Arc::clone(files),
            name,
            path,
            shown,
            opened: OnceLock::new(),
            answers: Cache::default(),
            trees: Cache::default(),
        }
    }

    /// The files at what is asked for. The same answer is the same tree.
    pub(super) fn resolve(&self, question: Question) -> Resolution {
        self.answers.get_or_make(&question, || self.answer(&question).unwrap_or_else(Resolution::Failed))
    }

    /// Whether the repository provably lacks what a person names; what it has then.
    pub(super) fn lacks(&self, revision: &str) -> Option<Vec<String>> {
        let repository = self.open().ok()?;
        match repository.find_revision(revision) {
            Ok(None) => Some(repository.available()),
            _ => None,
        }
    }

    fn answer(&self, question: &Question) -> Result<Resolution, String> {
        let repository = self.open()?;
        let found = match question {
            Question::Reference(reference) => repository.find(reference)?,
            Question::Revision(revision) => repository.find_revision(revision)?,
            Question::Head(label) => {
                let head = repository.find_revision("HEAD")?;
                head.map(|head| Resolved { label: label.clone(), ..head })
            }
        };
        let Some(found) = found else {
            let fetch = match question {
                Question::Reference(reference) => repository.fetch_line(reference, &self.shown.url),
                _ => None,
            };
            return Ok(match fetch {
                Some(line) => Resolution::NotInClone { fetch: format!("git -C {} {line}", quoted(&self.shown.path)) },
                None => Resolution::NoSuchReference { available: repository.available() },
            });
        };
        let tree = self.trees.get_or_make(&found, || self.read(&repository, &found));
        tree.map(Resolution::Tree)
    }

    fn open(&self) -> Result<GitRepository, String> {
        self.opened.get_or_init(|| GitRepository::open(&self.path)).clone()
    }

    fn read(&self, repository: &GitRepository, found: &Resolved) -> Result<Arc<Tree>, String> {
        let Listing { paths, blobs, odd_names } = repository.objects().list(found.commit)?;
        let (name, revision) = (Arc::clone(&self.name), Some(Arc::from(found.label.as_str())));
        let snapshot = Snapshot::new(Arc::clone(&self.files), name, revision, paths, Content::Commit(blobs));
        Ok(Arc::new(Tree::listed(snapshot.with_odd_names(odd_names))))
    }
}
