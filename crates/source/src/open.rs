//! Opens the folder that a command names: `fleetlint build PATH`, `fleetlint check PATH`.

use std::path::Path;
use std::sync::Arc;

use super::folder::{canonical_folder, folder_name};
use super::read::regular_file;
use super::{Checkout, File, Files, OpenError, ReadError, Tree, path};

/// The tree around a folder to build, and the folder's path in it.
///
/// The repository is the nearest folder at or above `path` that holds `.git`; the tree is that repository, and what
/// resolves outside it is refused. Without a repository, or with `lift_boundary`, the tree is the whole file system, so
/// that `../../x` works everywhere. Files are named relative to the repository, or without one to `path`.
///
/// # Errors
/// If `path` is not a readable folder.
pub fn open_for_build(files: &Arc<Files>, path: &Path, lift_boundary: bool) -> Result<(Arc<Tree>, String), OpenError> {
    let folder = canonical_folder(path)?;
    let repository = folder.ancestors().find(|above| above.join(".git").exists());
    let top = folder.ancestors().last().unwrap_or(&folder);
    let root = match repository {
        Some(repository) if !lift_boundary => repository,
        _ => top,
    };
    let named_from = repository.unwrap_or(&folder);
    let inside = |path: &Path| path::below(root, path).ok_or_else(|| OpenError::NotUtf8 { path: path.to_owned() });
    let tree = Tree::disk(Arc::clone(files), folder_name(named_from), root.to_owned(), inside(named_from)?);
    Ok((Arc::new(tree), inside(&folder)?))
}

/// The tree of the fleet repository at `path`, which is the root of the tree; it is named after its folder. That of a bare
/// repository is what `HEAD` names.
///
/// In a Git work tree, also where `path` is a folder of one, tracked files always count and others unless `.gitignore`
/// names them. Hidden files are files of the tree, `.git` and symbolic links are not.
///
/// # Errors
/// As [`Checkout::open`], which also says what Git knows about the folder.
pub fn open_fleet(files: &Arc<Files>, path: &Path) -> Result<Arc<Tree>, OpenError> {
    Checkout::open(files, path).map(|checkout| checkout.tree)
}

/// A single file that the command line names (a configuration). It is named as the command line names it.
///
/// # Errors
/// If it is not a readable regular file.
pub fn open_file(files: &Arc<Files>, path: &Path) -> Result<Arc<File>, OpenError> {
    let bytes = regular_file(path).map_err(|error| match error {
        // A link is there, and people see it.
        ReadError::NotFound if path.is_symlink() => OpenError::Unreadable {
            path: path.to_owned(),
            reason: "it is a link to a file that does not exist".to_owned(),
        },
        ReadError::NotFound => OpenError::NotFound { path: path.to_owned() },
        error => OpenError::Unreadable { path: path.to_owned(), reason: error.to_string() },
    })?;
    let folder = path.parent().map_or_else(|| Arc::from("."), folder_name);
    Ok(files.add(folder, None, path.display().to_string(), bytes))
}
