//! What is given for one URL: repositories and folders, each for all branches or for one.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::argument::Selector;
use super::folder::canonical_folder;
use super::repository::{Lacking, LocalRepository, Question, Shown};
use super::{
    Comparison, Files, HistoryGap, OpenError, Reference, Resolution, SourceArgument, Tree, git, url, worktree,
};

/// The arguments of one URL.
#[derive(Debug, Default)]
pub(super) struct Mapping {
    /// As the first of them spells it.
    pub url: String,
    given: Vec<SourceMapping>,
}

#[derive(Debug)]
pub(super) struct SourceMapping {
    /// As it was given, without a user.
    pub url: String,
    /// Canonical.
    path: PathBuf,
    pub selector: Selector,
    held: Held,
}

#[derive(Debug)]
enum Held {
    Repository(LocalRepository),
    /// A plain folder, or the working tree of a repository.
    Folder {
        files: Arc<Files>,
        name: Arc<str>,
        /// Canonical.
        path: PathBuf,
        tree: OnceLock<Result<Arc<Tree>, String>>,
    },
}

impl Mapping {
    /// Takes one more argument in.
    pub(super) fn add(&mut self, files: &Arc<Files>, argument: &SourceArgument) -> Result<(), OpenError> {
        if self.given.is_empty() {
            self.url = url::without_user(&argument.url);
        }
        let given = SourceMapping::new(files, argument)?;
        let branch = given.selector.target();
        if self.given.iter().any(|other| other.selector.target() == branch) {
            return Err(OpenError::GivenTwice { url: url::without_user(&argument.url), branch });
        }
        self.given.push(given);
        Ok(())
    }

    pub(super) fn resolve(&self, reference: &Reference) -> Resolution {
        match self.find(reference) {
            Some(given) => given.resolve(reference),
            None => {
                Resolution::NotForBranch { given: self.given.iter().filter_map(|it| it.selector.target()).collect() }
            }
        }
    }

    /// The canonical folder that answers for a reference.
    pub(super) fn folder(&self, reference: &Reference) -> Option<&Path> {
        self.find(reference).map(|given| given.path.as_path())
    }

    /// Compares two branches of the repository that is given. Of several the first one answers: they are clones of one
    /// repository.
    pub(super) fn compare(&self, base: &str, head: &str) -> Result<Comparison, HistoryGap> {
        let compared = self.given.iter().find_map(|given| match &given.held {
            Held::Repository(repository) => Some(repository.compare(base, head, "")),
            Held::Folder { .. } => None,
        });
        compared.unwrap_or(Err(HistoryGap::NotGit))
    }

    /// Whether all that is given is a folder, whose path is canonical, a part of it, or a folder that holds it.
    pub(super) fn is_at(&self, folder: &Path) -> bool {
        self.given.iter().all(|given| folder.starts_with(&given.path) || given.path.starts_with(folder))
    }

    /// What is given for one branch, tag or commit and answers for none of these references. What is given for all of
    /// them is there for those that may come.
    pub(super) fn unread(&self, references: &[Reference]) -> impl Iterator<Item = &SourceMapping> {
        let answers = references.iter().filter_map(|reference| self.find(reference));
        let read: Vec<*const SourceMapping> = answers.map(std::ptr::from_ref).collect();
        let special = self.given.iter().filter(|given| given.selector != Selector::Named);
        special.filter(move |given| !read.contains(&std::ptr::from_ref(*given)))
    }

    /// Who answers: what is given for the branch or tag that is asked for, else what is given for all of them. A single
    /// revision is given for all.
    fn find(&self, reference: &Reference) -> Option<&SourceMapping> {
        let named = match reference.clone().canonical() {
            Reference::Branch(name) | Reference::Tag(name) => Some(name),
            _ => None,
        };
        let is_branch = reference.branch().is_some();
        let is_meant = |given: &&SourceMapping| match &given.selector {
            Selector::Named => false,
            Selector::Revision(_) => named.is_some() && given.selector.target() == named,
            Selector::Worktree(_) | Selector::Head(_) => is_branch && given.selector.target() == named,
        };
        let is_for_all = |given: &&SourceMapping| given.selector == Selector::Named;
        let mut revisions = self.given.iter().filter(|given| matches!(given.selector, Selector::Revision(_)));
        let only = revisions.next().filter(|_| revisions.next().is_none());
        self.given.iter().find(is_meant).or_else(|| self.given.iter().find(is_for_all)).or(only)
    }
}

impl SourceMapping {
    fn new(files: &Arc<Files>, argument: &SourceArgument) -> Result<Self, OpenError> {
        let path = canonical_folder(&argument.path)?;
        let own = path.clone();
        let selector = Selector::parse(argument.revision.as_deref()).map_err(OpenError::NotARevision)?;
        let (files, name) = (Arc::clone(files), Arc::from(url::last_segment(&argument.url)));
        let folder = |name, path| Held::Folder { files: Arc::clone(&files), name, path, tree: OnceLock::new() };
        let held = match (&selector, &argument.revision) {
            (Selector::Named, _) if !git::is_repository(&path) => folder(name, path),
            (_, Some(revision)) if !git::is_repository(&path) => {
                return Err(OpenError::NoRevisions { path: argument.path.clone(), revision: revision.clone() });
            }
            (Selector::Worktree(branch), _) => {
                if git::is_bare(&path) {
                    return Err(OpenError::NoWorkingTree { path: argument.path.clone(), branch: branch.clone() });
                }
                folder(name, path)
            }
            _ => Held::Repository(repository(&files, name, path, argument, &selector)?),
        };
        Ok(Self { url: url::without_user(&argument.url), path: own, selector, held })
    }

    fn resolve(&self, reference: &Reference) -> Resolution {
        match &self.held {
            Held::Repository(repository) => repository.resolve(match &self.selector {
                Selector::Revision(revision) => Question::Revision(revision.clone()),
                Selector::Head(branch) => Question::Head(branch.clone()),
                Selector::Named | Selector::Worktree(_) => Question::Reference(reference.clone()),
            }),
            Held::Folder { files, name, path, tree } => {
                let read = || worktree::read(files, Arc::clone(name), path.clone()).map(Arc::new);
                let tree = tree.get_or_init(|| read().map_err(|error| reason(&error)));
                tree.clone().map_or_else(Resolution::Failed, Resolution::Tree)
            }
        }
    }
}

/// A repository that holds the revision which is given.
fn repository(
    files: &Arc<Files>,
    name: Arc<str>,
    path: PathBuf,
    argument: &SourceArgument,
    selector: &Selector,
) -> Result<LocalRepository, OpenError> {
    let shown = Shown { path: argument.path.display().to_string(), url: url::without_user(&argument.url) };
    let repository = LocalRepository::new(files, name, path, shown);
    let revision = match selector {
        Selector::Revision(revision) => revision,
        Selector::Head(_) => "HEAD",
        Selector::Named | Selector::Worktree(_) => return Ok(repository),
    };
    match repository.lacks(revision) {
        None => Ok(repository),
        Some(Lacking { available, fetch }) => {
            let (path, revision) = (argument.path.clone(), revision.to_owned());
            Err(OpenError::NoSuchRevision { path, revision, available, fetch })
        }
    }
}

/// Why a folder cannot be read, without its place on this machine: that is not a part of a report.
fn reason(error: &OpenError) -> String {
    match error {
        OpenError::NotFound { .. } => "it does not exist any more".to_owned(),
        OpenError::TooManyFiles { limit, .. } => format!("it has more than {limit} files"),
        OpenError::Unreadable { reason, .. } => reason.clone(),
        _ => "it is not a readable folder".to_owned(),
    }
}
