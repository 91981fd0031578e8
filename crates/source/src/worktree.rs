//! A folder of the disk as Git has it: what is tracked, and what is new and not ignored. Links are left out.

use std::collections::{BTreeSet, HashMap};
use std::fs::{DirEntry, FileType};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::git::{self, GitFolder};
use super::gitignore::Rules;
use super::read::FILE_COUNT_LIMIT;
use super::tracked::{self, Scope, Tracked};
use super::tree::{Content, Snapshot};
use super::{Files, OpenError, Tree, odd_name, path};

/// Lists a canonical folder. Hidden files are files like any other; `.git` never is; neither the environment nor a
/// user's own ignore file has a say.
///
/// In a Git work tree tracked files always count, whatever `.gitignore` says; files that are not tracked count unless it
/// ignores them. Tracked files that a sparse checkout leaves out are read from the repository. What is in a submodule, or
/// in a repository inside the repository, is not part of the tree. Outside Git, every file counts.
pub(super) fn read(files: &Arc<Files>, repository: Arc<str>, root: PathBuf) -> Result<Tree, OpenError> {
    let scope = tracked::below(&root);
    let mut listing = walk(&root, &scope)?;
    if let Scope::Known(tracked) = &scope {
        listing.add(&root, tracked);
    }
    if listing.paths.len() > FILE_COUNT_LIMIT {
        return Err(OpenError::TooManyFiles { path: root, limit: FILE_COUNT_LIMIT });
    }
    let content = listing.content(root, scope);
    let odd_names = listing.odd.into_iter().collect();
    let snapshot = Snapshot::new(Arc::clone(files), repository, None, listing.paths, content);
    Ok(Tree::listed(snapshot.with_odd_names(odd_names)))
}

#[derive(Default)]
struct Listing {
    /// In byte order.
    paths: Vec<String>,
    /// What is not UTF-8, as it is shown.
    odd: BTreeSet<String>,
    /// Files that the disk lacks.
    stored: BTreeSet<String>,
}

fn walk(root: &Path, scope: &Scope) -> Result<Listing, OpenError> {
    let tracked = if let Scope::Known(tracked) = scope { Some(tracked) } else { None };
    let top = tracked.and_then(|_| git::work_tree_above(root));
    let rules = top.map(|top| Rules::above(root, top));
    let mut listing = Listing::default();
    let mut folders = vec![(root.to_owned(), rules)];
    while let Some((folder, above)) = folders.pop() {
        let rules = above.map(|above| above.inside(&folder));
        for (path, kind) in entries(root, &folder)? {
            let is_ignored = || rules.as_ref().is_some_and(|rules| rules.ignore(&path, kind.is_dir()));
            if path.file_name().is_some_and(|name| name == ".git") || is_ignored() {
                continue;
            }
            let is_outside = || tracked.is_some_and(|tracked| is_other_repository(root, tracked, &path));
            if kind.is_file() {
                listing.take(root, &path);
            } else if kind.is_dir() && !is_outside() {
                folders.push((path, rules.clone()));
            }
        }
        if listing.paths.len() > FILE_COUNT_LIMIT {
            return Err(OpenError::TooManyFiles { path: root.to_owned(), limit: FILE_COUNT_LIMIT });
        }
    }
    listing.paths.sort_unstable();
    Ok(listing)
}

/// What a folder holds. One that cannot be listed ends the run: what is in it would silently be missing. One that vanished
/// does not.
fn entries(root: &Path, folder: &Path) -> Result<Vec<(PathBuf, FileType)>, OpenError> {
    let entry = |entry: std::io::Result<DirEntry>| entry.and_then(|entry| Ok((entry.path(), entry.file_type()?)));
    match folder.read_dir().and_then(|found| found.map(entry).collect()) {
        Ok(entries) => Ok(entries),
        Err(error) if error.kind() == ErrorKind::NotFound && folder != root => Ok(Vec::new()),
        Err(error) => Err(OpenError::from_io(folder, &error)),
    }
}

/// Whether a folder is a submodule, or a repository that Git would take for one.
fn is_other_repository(root: &Path, tracked: &Tracked, folder: &Path) -> bool {
    let is_submodule = || path::below(root, folder).is_some_and(|path| tracked.submodules.contains(&path));
    let is_repository = || folder.join(".git").symlink_metadata().is_ok() && GitFolder::of(folder).is_some();
    is_submodule() || is_repository()
}

impl Listing {
    fn take(&mut self, root: &Path, file: &Path) {
        match path::below(root, file) {
            Some(path) => self.paths.push(path),
            None => {
                let path = file.strip_prefix(root).unwrap_or(file);
                self.odd.extend(gix::path::into_bstr(path).ok().and_then(|path| odd_name::shown(&path)));
            }
        }
    }

    /// Adds the tracked files that are ignored, and those that are only in the repository.
    fn add(&mut self, root: &Path, tracked: &Tracked) {
        let mut folders = HashMap::new();
        let mut more = Vec::new();
        for (path, file) in &tracked.files {
            if self.paths.binary_search(path).is_ok() {
                continue;
            }
            if is_on_disk(root, path, &mut folders) {
                more.push(path.clone());
            } else if file.is_left_out {
                self.stored.insert(path.clone());
                more.push(path.clone());
            }
        }
        if !more.is_empty() {
            self.paths.append(&mut more);
            self.paths.sort_unstable();
        }
        self.odd.extend(tracked.odd_names(root));
    }

    fn content(&self, root: PathBuf, scope: Scope) -> Content {
        match scope {
            Scope::Known(Tracked { files, objects: Some(objects), .. }) if !self.stored.is_empty() => {
                let position = |path: &String| self.paths.binary_search(path).ok();
                let ids = self.stored.iter().filter_map(|path| Some((position(path)?, files.get(path)?.id)));
                Content::Sparse { root, stored: ids.collect(), objects }
            }
            _ => Content::Folder(root),
        }
    }
}

/// Whether a path is a regular file that is reached without symbolic links: after one Git has no files.
fn is_on_disk<'p>(root: &Path, path: &'p str, folders: &mut HashMap<&'p str, bool>) -> bool {
    let is = |path: &str, is_kind: fn(&std::fs::Metadata) -> bool| {
        root.join(path).symlink_metadata().is_ok_and(|metadata| is_kind(&metadata))
    };
    let mut parents = path.match_indices('/').map(|(index, _)| &path[..index]);
    parents.all(|folder| *folders.entry(folder).or_insert_with(|| is(folder, std::fs::Metadata::is_dir)))
        && is(path, std::fs::Metadata::is_file)
}
