//! Which configuration a run has: the file that the command line names, or the one that is nearest to the repository.

use std::path::{Component, Path, PathBuf};

use super::{Request, RunError, Session};
use crate::config::{self, Config, FILE_NAMES};
use crate::rules;
use crate::source::{self, Checkout, Tree, nearest_with};

/// The configuration of a run; paths in it count from the repository.
///
/// # Errors
/// If the file cannot be read, something in it is wrong, or there are two.
pub(super) fn read(session: &Session, request: &Request<'_>, checkout: &Checkout) -> Result<Config, RunError> {
    let repository = request.path;
    if let Some(path) = request.config {
        return of_file(session, path, repository);
    }
    let is_changed = request.changes.iter().any(|(path, _)| FILE_NAMES.contains(&path.as_str()));
    if checkout.is_bare || is_changed {
        let tree = &checkout.tree;
        let held: Vec<&str> = FILE_NAMES.into_iter().filter(|name| tree.entry(name).is_some()).collect();
        return only(repository, &held)?
            .map_or_else(|| Ok(Config::default()), |name| of_tree(session, repository, (tree, name)));
    }
    let Some((folder, held)) = nearest_with(repository, &FILE_NAMES) else { return Ok(Config::default()) };
    let Some(name) = only(&folder, &held)? else { return Ok(Config::default()) };
    if folder == repository {
        return of_tree(session, repository, (&checkout.tree, name));
    }
    let mut config = of_file(session, &folder.join(name), &folder)?;
    config.is_above(&below(&folder, repository));
    Ok(config)
}

/// Whether the configuration of a folder says which clusters there are. What is wrong in it is reported when it is read.
pub(super) fn lists_clusters(folder: &Path) -> bool {
    let Some((above, held)) = nearest_with(folder, &FILE_NAMES) else { return false };
    let config = only(&above, &held).ok().flatten().map(|name| of_file(&Session::default(), &above.join(name), &above));
    matches!(config, Some(Ok(Config { clusters: Some(clusters), .. })) if !clusters.is_empty())
}

/// The only configuration of a folder.
fn only<'n>(folder: &Path, held: &[&'n str]) -> Result<Option<&'n str>, RunError> {
    match held {
        [] => Ok(None),
        [only] => Ok(Some(only)),
        [first, second, ..] => {
            let [first, second] = [first, second].map(|name| without_dots(&folder.join(name)).display().to_string());
            Err(RunError::TwoConfigurations { first, second })
        }
    }
}

/// The configuration in the repository: places in it are those of a file of the repository.
fn of_tree(session: &Session, repository: &Path, (tree, name): (&Tree, &str)) -> Result<Config, RunError> {
    let Ok(file) = tree.file(name) else {
        // Git ignores it, and it counts all the same.
        return of_file(session, &repository.join(name), repository);
    };
    let config = config::read(&file, &session.documents, &rules::known()).map_err(RunError::Config)?;
    Ok(Config { folder: repository.to_owned(), file: Some(file.path.clone()), ..config })
}

fn of_file(session: &Session, path: &Path, folder: &Path) -> Result<Config, RunError> {
    let file = source::open_file(&session.files, &without_dots(path))?;
    let config = config::read(&file, &session.documents, &rules::known()).map_err(RunError::Config)?;
    Ok(Config { folder: folder.to_owned(), file: Some(file.path.clone()), ..config })
}

/// The path of a folder below another one, with `/`.
fn below(above: &Path, folder: &Path) -> String {
    let (above, folder) = (above.canonicalize().unwrap_or_default(), folder.canonicalize().unwrap_or_default());
    let names = folder.strip_prefix(above).unwrap_or(Path::new("")).components();
    names.map(|name| name.as_os_str().to_string_lossy().into_owned()).collect::<Vec<_>>().join("/")
}

/// A path without `.` segments.
pub(super) fn without_dots(path: &Path) -> PathBuf {
    let names: PathBuf = path.components().filter(|name| !matches!(name, Component::CurDir)).collect();
    if names.as_os_str().is_empty() { PathBuf::from(".") } else { names }
}
