//! A Git repository on this machine, read at what a source names: each answer and each tree is made once.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use super::cache::Cache;
use super::git::{GitRepository, Listing, Resolved, quoted};
use super::tree::{Content, Snapshot};
use super::{Comparison, Files, HistoryGap, Reference, Resolution, Tree};

/// Digits of a commit's id, as Git abbreviates it and in full (SHA-256).
const SHORT_ID: usize = 7;
const LONG_ID: usize = 64;

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

impl Shown {
    /// The command line for arguments of `git`.
    fn command(&self, arguments: &str) -> String {
        format!("git -C {} {arguments}", quoted(&self.path))
    }
}

/// What a repository has instead of what a person names.
#[derive(Debug)]
pub(super) struct Lacking {
    /// Its branches, then its tags, each sorted.
    pub available: Vec<String>,
    /// The command line that fetches what is missing; `None` where the repository proves that it does not exist.
    pub fetch: Option<String>,
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

    /// Compares two branches (see [`Comparison`]); only files below `folder` count.
    pub(super) fn compare(&self, base: &str, head: &str, folder: &str) -> Result<Comparison, HistoryGap> {
        let repository = self.open().map_err(HistoryGap::Unreadable)?;
        repository.compare((base, head), folder, &self.shown.url).map_err(|gap| match gap {
            HistoryGap::NotInClone { branch, fetch } => {
                HistoryGap::NotInClone { branch, fetch: self.shown.command(&fetch) }
            }
            HistoryGap::Shallow { fetch } => HistoryGap::Shallow { fetch: self.shown.command(&fetch) },
            other => other,
        })
    }

    /// Whether what is on this machine lacks what a person names, and what it has then.
    pub(super) fn lacks(&self, revision: &str) -> Option<Lacking> {
        let repository = self.open().ok()?;
        match repository.find_revision(revision) {
            Ok(None) => {
                let line = meant(revision).and_then(|reference| repository.fetch_line(&reference, &self.shown.url));
                Some(Lacking { available: repository.available(), fetch: line.map(|line| self.shown.command(&line)) })
            }
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
                Some(line) => Resolution::NotInClone { fetch: self.shown.command(&line) },
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

/// What a person most likely means by a revision that is not there; `None` for `HEAD`, which no remote lacks.
fn meant(revision: &str) -> Option<Reference> {
    let is_commit = (SHORT_ID..=LONG_ID).contains(&revision.len()) && revision.bytes().all(|it| it.is_ascii_hexdigit());
    match revision {
        "HEAD" => None,
        _ if revision.starts_with("refs/") => Some(Reference::Name(revision.to_owned())),
        _ if is_commit => Some(Reference::Commit(revision.to_owned())),
        _ => Some(Reference::Branch(revision.to_owned())),
    }
}
