//! The fleet repository as it was opened: its tree, and what Git says about the checkout.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::folder::{canonical_folder, folder_name};
use super::git::{self, GitFolder, Head};
use super::repository::{LocalRepository, Question, Shown};
use super::{Comparison, Files, HistoryGap, OpenError, Reference, Resolution, Tree, composed, path, worktree};

/// How much of a commit's id names it in reports.
const SHORT_ID: usize = 7;

/// The repository that a command is about.
#[derive(Debug)]
pub struct Checkout {
    /// The working tree of the folder that was opened; of a bare repository the commit that `HEAD` names.
    pub tree: Arc<Tree>,
    /// The URLs of all remotes, as `.git/config` has them, in its order.
    pub remotes: Vec<String>,
    /// The branch that is checked out; `None` outside Git, and where a commit is checked out (detached).
    pub branch: Option<String>,
    /// The Git directory, `None` outside Git. That of a linked work tree is its own one.
    pub git_dir: Option<PathBuf>,
    /// The tree is not a working tree: nothing on the disk belongs to it.
    pub is_bare: bool,
    /// The path of the tree in the repository: `""`, or the folder of it that was opened.
    pub prefix: String,
    repository: Option<LocalRepository>,
}

impl Checkout {
    /// Opens a folder, which is the root of the tree and names it: a folder in or outside Git, or a bare repository.
    ///
    /// # Errors
    /// If `path` is not a folder, it or a folder in it cannot be read, or a bare repository has no commit.
    pub fn open(files: &Arc<Files>, path: &Path) -> Result<Self, OpenError> {
        let root = canonical_folder(path)?;
        let name = folder_name(&root);
        if git::is_bare(&root) {
            return Self::bare(files, path, root, name);
        }
        let tree = Arc::new(worktree::read(files, Arc::clone(&name), root.clone())?);
        let top = git::work_tree_above(&root);
        let (git, prefix) = (top.and_then(GitFolder::of), top.and_then(|top| path::below(top, &root)));
        let mut checkout = Self::of(tree, git.as_ref());
        if let (Some(top), Some(prefix)) = (top, prefix) {
            checkout.prefix = prefix;
            checkout.repository = Some(LocalRepository::new(files, name, top.to_owned(), shown(path)));
        }
        Ok(checkout)
    }

    /// Opens a folder as a commit of its repository holds it: a branch, a tag or a commit. The working tree has no say.
    ///
    /// # Errors
    /// If `path` is not a folder of a Git repository, or the repository does not hold the revision.
    pub fn open_revision(files: &Arc<Files>, path: &Path, revision: &str) -> Result<Self, OpenError> {
        let root = canonical_folder(path)?;
        let name = folder_name(&root);
        let no_revisions = || OpenError::NoRevisions { path: path.to_owned(), revision: revision.to_owned() };
        let top = if git::is_bare(&root) { Some(root.as_path()) } else { git::work_tree_above(&root) };
        let top = top.ok_or_else(no_revisions)?;
        let repository = LocalRepository::new(files, name, top.to_owned(), shown(path));
        let tree = match repository.resolve(Question::Revision(revision.to_owned())) {
            Resolution::Tree(tree) => tree,
            Resolution::Failed(reason) => return Err(OpenError::Unreadable { path: path.to_owned(), reason }),
            _ => {
                let lacking = repository.lacks(revision);
                let (available, fetch) = lacking.map(|it| (it.available, it.fetch)).unwrap_or_default();
                return Err(OpenError::NoSuchRevision {
                    path: path.to_owned(),
                    revision: revision.to_owned(),
                    available,
                    fetch,
                });
            }
        };
        let prefix = path::below(top, &root).unwrap_or_default();
        let git = GitFolder::of(top);
        let checkout = Self::of(tree.below(&prefix), git.as_ref());
        Ok(Self { is_bare: true, branch: None, prefix, repository: Some(repository), ..checkout })
    }

    /// A repository that is in memory: its name, and its files by path. Of two files of one path the last one counts, a path
    /// that leads out of the root is left out.
    pub fn in_memory(files: &Arc<Files>, name: &str, contents: Vec<(String, Vec<u8>)>) -> Self {
        let tree = Tree::of_files(Arc::clone(files), name.into(), contents);
        Self { is_bare: true, ..Self::of(Arc::new(tree), None) }
    }

    /// The same with other contents at some paths: files that are new or changed, and, without contents, files that are not
    /// there any more. What an editor has not saved yet.
    #[must_use]
    pub fn with_changes(self, files: &Arc<Files>, changes: &[(String, Option<Vec<u8>>)]) -> Self {
        let tree = Arc::new(composed::changed(files, &self.tree, changes));
        Self { tree, ..self }
    }

    fn bare(files: &Arc<Files>, path: &Path, root: PathBuf, name: Arc<str>) -> Result<Self, OpenError> {
        let git = GitFolder::of(&root);
        let question = match git.as_ref().and_then(GitFolder::head) {
            Some(Head::Branch(name)) => Question::Reference(Reference::Branch(name)),
            Some(Head::Commit(id)) => Question::Head(id.chars().take(SHORT_ID).collect()),
            None => Question::Head("HEAD".to_owned()),
        };
        let repository = LocalRepository::new(files, name, root, shown(path));
        let tree = match repository.resolve(question) {
            Resolution::Tree(tree) => tree,
            Resolution::Failed(reason) => return Err(OpenError::Unreadable { path: path.to_owned(), reason }),
            _ => return Err(OpenError::NoCommit { path: path.to_owned() }),
        };
        Ok(Self { is_bare: true, repository: Some(repository), ..Self::of(tree, git.as_ref()) })
    }

    fn of(tree: Arc<Tree>, git: Option<&GitFolder>) -> Self {
        let settings = git.map(|git| git::settings(&git.common)).unwrap_or_default();
        let branch = match git.and_then(GitFolder::head) {
            Some(Head::Branch(name)) => Some(name),
            _ => None,
        };
        Self {
            tree,
            remotes: settings.remotes.into_iter().flat_map(|remote| remote.urls).collect(),
            branch,
            git_dir: git.map(|git| git.own.clone()),
            is_bare: false,
            prefix: String::new(),
            repository: None,
        }
    }

    /// What the repository itself holds at a reference, below the same folder as `tree`; the same answer is the same tree.
    /// [`Resolution::NotGiven`] outside Git.
    pub fn at(&self, reference: &Reference) -> Resolution {
        let Some(repository) = &self.repository else { return Resolution::NotGiven };
        match repository.resolve(Question::Reference(reference.clone())) {
            Resolution::Tree(tree) => Resolution::Tree(tree.below(&self.prefix)),
            other => other,
        }
    }

    /// Compares two branches of the repository: the files below the same folder as `tree`.
    ///
    /// # Errors
    /// [`HistoryGap::NotGit`] outside Git, and whatever the history at hand cannot say.
    pub fn compare(&self, base: &str, head: &str) -> Result<Comparison, HistoryGap> {
        self.repository.as_ref().map_or(Err(HistoryGap::NotGit), |it| it.compare(base, head, &self.prefix))
    }
}

fn shown(path: &Path) -> Shown {
    Shown { path: path.display().to_string(), url: "origin".to_owned() }
}

/// The repository that a folder is part of: the nearest folder at or above it that holds `.git` or one of `files`
/// (configurations). Relative where `path` is, if no link is in the way.
pub fn repository_above(path: &Path, files: &[&str]) -> Option<PathBuf> {
    let folder = canonical_folder(path).ok()?;
    let is_repository = |above: &&Path| holds(above, ".git") || files.iter().any(|name| holds(above, name));
    let (up, found) = folder.ancestors().enumerate().find(|(_, above)| is_repository(above))?;
    Some(by_text(path, up, found))
}

/// The nearest folder at or above a path that holds files of these names, and those that it holds. The search ends at the
/// first folder that holds `.git`. Relative where `path` is, if no link is in the way.
pub fn nearest_with<'n>(path: &Path, names: &[&'n str]) -> Option<(PathBuf, Vec<&'n str>)> {
    let folder = canonical_folder(path).ok()?;
    for (up, above) in folder.ancestors().enumerate() {
        let found: Vec<&str> = names.iter().copied().filter(|name| holds(above, name)).collect();
        if !found.is_empty() {
            return Some((by_text(path, up, above), found));
        }
        if holds(above, ".git") {
            return None;
        }
    }
    None
}

fn holds(folder: &Path, name: &str) -> bool {
    folder.join(name).symlink_metadata().is_ok()
}

/// A folder that is `up` folders above a path, by the text of the path if that leads there: `clusters/prod` is in `.`, and
/// `.` in `..`.
fn by_text(path: &Path, up: usize, found: &Path) -> PathBuf {
    if up == 0 {
        return path.to_owned();
    }
    let shorter =
        path.ancestors().nth(up).map(|above| if above.as_os_str().is_empty() { Path::new(".") } else { above });
    let longer = path.join(PathBuf::from_iter(std::iter::repeat_n("..", up)));
    let candidates = shorter.map(Path::to_owned).into_iter().chain([longer]);
    let leads_there = |candidate: &PathBuf| candidate.canonicalize().is_ok_and(|canonical| canonical == found);
    candidates.into_iter().find(leads_there).unwrap_or_else(|| found.to_owned())
}
