//! Which repository a path means (discovery.md, section 8): itself, or the repository that it is part of.

use std::path::{Component, Path, PathBuf};

use super::{Contents, Request, RunError, Session, config_file};
use crate::config::FILE_NAMES;
use crate::fleet::{self, Discovery, FleetNote, NoteReason, Status};
use crate::source::{Checkout, Files, OpenError, Tree, repository_above};

/// The repository that a run checks.
pub(super) struct Opened {
    pub checkout: Checkout,
    /// Its folder, as messages and the configuration count from it.
    pub path: PathBuf,
    /// Says that more than the path was checked.
    pub note: Option<FleetNote>,
}

/// Opens the repository of a request.
///
/// # Errors
/// If a folder cannot be read, or a revision is not there.
pub(super) fn open(session: &Session, request: &Request<'_>) -> Result<Opened, OpenError> {
    let (files, path) = (&session.files, request.path);
    let opened = match request.contents {
        Contents::WorkingTree => open_folder(session, path)?,
        Contents::Revision(revision) => {
            let checkout = Checkout::open_revision(files, path, revision)?;
            Opened { checkout, path: path.to_owned(), note: None }
        }
        Contents::Memory(contents) => {
            let checkout = Checkout::in_memory(files, &path.to_string_lossy(), contents.to_vec());
            Opened { checkout, path: path.to_owned(), note: None }
        }
    };
    match request.changes {
        [] => Ok(opened),
        changes => Ok(Opened { checkout: opened.checkout.with_changes(files, changes), ..opened }),
    }
}

/// Opens the folder at a path, or the repository that it is part of.
fn open_folder(session: &Session, path: &Path) -> Result<Opened, OpenError> {
    let above = repository_above(path, &FILE_NAMES).filter(|above| above != path);
    let Some(above) = above.filter(|above| config_file::lists_clusters(above) || !stands_alone(path)) else {
        let checkout = Checkout::open(&session.files, path)?;
        return Ok(Opened { checkout, path: path.to_owned(), note: None });
    };
    let checkout = Checkout::open(&session.files, &above)?;
    let (part, whole) = shown(path, &above);
    let message = format!("`{part}` is part of the repository `{whole}`: all of it was checked");
    let help = "give the folder of the repository, or put a fleetlint.yaml into the folder to check it alone";
    let note = FleetNote::new(NoteReason::PartOfRepository, message).help(help);
    Ok(Opened { checkout, path: above, note: Some(note) })
}

/// Whether a folder of a repository is a repository of its own: a bare one, or one whose files declare a cluster that is in
/// it. It is looked at in a session of its own, which counts nothing.
fn stands_alone(path: &Path) -> bool {
    let probe = Session::default();
    let own = Checkout::open(&probe.files, path);
    own.is_ok_and(|own| own.is_bare || fleet::declares_cluster(&own, &probe.documents, &probe.files))
}

/// A folder that is not the root of a Git repository, and whose clusters sync it, or a folder in it, by a longer path: the
/// folder from which that counts. It is not checked in its place: nothing marks it as the repository, and it may hold
/// anything, or a configuration in the folder says that the folder is checked alone.
pub(super) fn larger_repository(opened: &Opened, discovery: &Discovery, files: &Files) -> Option<RunError> {
    let Opened { checkout, path, .. } = opened;
    let is_root = checkout.git_dir.is_some() && checkout.prefix.is_empty();
    if is_root || !matches!(discovery.status, Status::Declared) {
        return None;
    }
    let folder = path.canonicalize().ok()?;
    let missing = discovery.clusters.iter().flat_map(|roots| roots.paths.iter().map(move |synced| (roots, synced)));
    let (roots, synced, count) = missing.into_iter().find_map(|(roots, synced)| {
        (checkout.tree.entry(synced).is_none()).then_some((
            roots,
            synced,
            folders_above(&folder, synced, &checkout.tree)?,
        ))
    })?;
    let place = roots.evidence.first()?.place;
    let above = above(path, count);
    let (path, above) = (clean(path), clean(&above));
    Some(RunError::PartOfRepository { path, file: files.get(place.file).path.clone(), synced: synced.clone(), above })
}

/// How many folders above a folder a path counts from, if its first names are the last ones of the folder, and the folder
/// holds the rest.
fn folders_above(folder: &Path, synced: &str, tree: &Tree) -> Option<usize> {
    let names: Vec<&str> = synced.split('/').filter(|name| !name.is_empty()).collect();
    (1..=names.len()).rev().find(|&count| {
        let (outside, inside) = names.split_at(count);
        folder.ends_with(outside.join("/")) && (inside.is_empty() || tree.entry(&inside.join("/")).is_some())
    })
}

/// A folder so many folders above a path, by the text of the path as far as that leads.
fn above(path: &Path, count: usize) -> PathBuf {
    let is_name = |component: Component<'_>| matches!(component, Component::Normal(_));
    match path.components().rev().take_while(|component| is_name(*component)).count() >= count {
        true => path.ancestors().nth(count).unwrap_or(path).to_owned(),
        false => path.join(PathBuf::from_iter(std::iter::repeat_n("..", count))),
    }
}

/// A folder and the repository that it is part of. Messages show no absolute paths: of these what is below the repository,
/// and the way up from there.
fn shown(path: &Path, above: &Path) -> (String, String) {
    if path.is_relative() && above.is_relative() {
        return (clean(path), clean(above));
    }
    let (part, whole) = (path.canonicalize().unwrap_or_default(), above.canonicalize().unwrap_or_default());
    let part = part.strip_prefix(whole).unwrap_or(Path::new(""));
    (clean(part), clean(&PathBuf::from_iter(part.components().map(|_| ".."))))
}

/// A path without `.` segments.
fn clean(path: &Path) -> String {
    config_file::without_dots(path).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_above_are_named_by_the_path() {
        let named = |path: &str, count| clean(&above(Path::new(path), count));
        assert_eq!(named("clusters/prod", 2), ".");
        assert_eq!(named("fleet/clusters/prod/", 2), "fleet");
        assert_eq!(named(".", 2), "../..");
        assert_eq!(named("../prod", 2), "../prod/../..");
        assert_eq!(named("/srv/clusters/prod", 2), "/srv");
    }

    #[test]
    fn no_absolute_path_is_shown() {
        let folder = tempfile::tempdir().unwrap();
        let part = folder.path().join("clusters/prod");
        std::fs::create_dir_all(&part).unwrap();
        let expected = ("clusters/prod".to_owned(), "../..".to_owned());
        assert_eq!(shown(&part, folder.path()), expected);
        assert_eq!(shown(Path::new("."), Path::new("./../..")), (".".to_owned(), "../..".to_owned()));
    }
}
