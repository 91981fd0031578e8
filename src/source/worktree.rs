//! A folder of the disk as Git would take it in: `.gitignore` honoured, links left out.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::{DirEntry, WalkBuilder};

use super::snapshot::{Content, FILE_COUNT_LIMIT, Snapshot};
use super::{Files, OpenError, Tree, path};

/// Lists a canonical folder. Hidden files are files like any other; `.git` never is; neither the environment nor a
/// user's own ignore file has a say. Names that are not UTF-8 are left out.
pub(super) fn read(files: &Arc<Files>, repository: Arc<str>, root: PathBuf) -> Result<Tree, OpenError> {
    let paths = list(&root)?;
    let content = Content::Folder(root);
    Ok(Tree::listed(Snapshot::new(Arc::clone(files), repository, None, paths, content)))
}

fn list(root: &Path) -> Result<Vec<String>, OpenError> {
    let mut walk = WalkBuilder::new(root);
    walk.standard_filters(false).git_ignore(true).parents(true);
    walk.filter_entry(|entry| entry.depth() == 0 || entry.file_name() != ".git");
    let mut paths = Vec::new();
    for entry in walk.build() {
        match entry {
            Ok(entry) => paths.extend(file_path(root, &entry)),
            Err(error) => fail(root, &error)?,
        }
        if paths.len() > FILE_COUNT_LIMIT {
            return Err(OpenError::TooManyFiles { path: root.to_owned(), limit: FILE_COUNT_LIMIT });
        }
    }
    paths.sort_unstable();
    Ok(paths)
}

fn file_path(root: &Path, entry: &DirEntry) -> Option<String> {
    let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
    if is_file { path::below(root, entry.path()) } else { None }
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
