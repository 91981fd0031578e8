//! A folder of the disk as Git has it: what is tracked, and what is new and not ignored. Links are left out.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::{DirEntry, WalkBuilder};

use super::git::GitFolder;
use super::snapshot::{Content, FILE_COUNT_LIMIT, Snapshot};
use super::tracked::{self, Scope, Tracked};
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
    let mut walk = WalkBuilder::new(root);
    let tracked = if let Scope::Known(tracked) = scope { Some(tracked) } else { None };
    walk.standard_filters(false).git_ignore(tracked.is_some()).parents(true);
    let submodules = tracked.map(|tracked| tracked.submodules.clone());
    let top = root.to_owned();
    walk.filter_entry(move |entry| {
        let is_outside = || submodules.as_ref().is_some_and(|known| is_other_repository(&top, known, entry));
        entry.depth() == 0 || entry.file_name() != ".git" && !is_outside()
    });
    let mut listing = Listing::default();
    for entry in walk.build() {
        match entry {
            Ok(entry) => listing.take(root, &entry),
            Err(error) => fail(root, &error)?,
        }
        if listing.paths.len() > FILE_COUNT_LIMIT {
            return Err(OpenError::TooManyFiles { path: root.to_owned(), limit: FILE_COUNT_LIMIT });
        }
    }
    listing.paths.sort_unstable();
    Ok(listing)
}

/// Whether a folder is a submodule, or a repository that Git would take for one.
fn is_other_repository(root: &Path, submodules: &HashSet<String>, entry: &DirEntry) -> bool {
    let folder = entry.path();
    if !entry.file_type().is_some_and(|kind| kind.is_dir()) {
        return false;
    }
    let is_submodule = || path::below(root, folder).is_some_and(|path| submodules.contains(&path));
    let is_repository = || folder.join(".git").symlink_metadata().is_ok() && GitFolder::of(folder).is_some();
    is_submodule() || is_repository()
}

impl Listing {
    fn take(&mut self, root: &Path, entry: &DirEntry) {
        if !entry.file_type().is_some_and(|kind| kind.is_file()) {
            return;
        }
        match path::below(root, entry.path()) {
            Some(path) => self.paths.push(path),
            None => {
                let path = entry.path().strip_prefix(root).unwrap_or(entry.path());
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

/// Whether a path is a regular file that is reached without symbolic links: behind one Git has no files.
fn is_on_disk<'p>(root: &Path, path: &'p str, folders: &mut HashMap<&'p str, bool>) -> bool {
    let is = |path: &str, is_kind: fn(&std::fs::Metadata) -> bool| {
        root.join(path).symlink_metadata().is_ok_and(|metadata| is_kind(&metadata))
    };
    let mut parents = path.match_indices('/').map(|(index, _)| &path[..index]);
    parents.all(|folder| *folders.entry(folder).or_insert_with(|| is(folder, std::fs::Metadata::is_dir)))
        && is(path, std::fs::Metadata::is_file)
}

/// A folder that cannot be listed ends the run: what lies in it would silently be missing. One that vanished does not.
fn fail(root: &Path, error: &ignore::Error) -> Result<(), OpenError> {
    let (path, io) = (path_of(error).unwrap_or(root), error.io_error());
    match io {
        Some(io) if io.kind() == std::io::ErrorKind::NotFound && path != root => Ok(()),
        Some(io) => Err(OpenError::from_io(path, io)),
        None => Err(OpenError::Unreadable { path: path.to_owned(), reason: error.to_string() }),
    }
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        _ => None,
    }
}
