//! Which repository a path means (discovery.md, section 8): itself, or the repository that it is part of.

use std::path::{Component, Path, PathBuf};

use super::{CONFIG_FILE, Session};
use crate::fleet::{self, FleetNote, NoteReason};
use crate::source::{Checkout, OpenError, repository_above};

/// The repository that a run checks.
pub(super) struct Opened {
    pub checkout: Checkout,
    /// Its folder, as messages and the configuration count from it.
    pub path: PathBuf,
    /// Says that more than the path was checked.
    pub note: Option<FleetNote>,
}

/// Opens the repository of a path.
///
/// # Errors
/// If a folder cannot be read.
pub(super) fn open(session: &Session, path: &Path) -> Result<Opened, OpenError> {
    let above = repository_above(path, &[CONFIG_FILE]).filter(|above| above != path);
    let Some(above) = above.filter(|_| !stands_alone(path)) else {
        let checkout = Checkout::open(&session.files, path)?;
        return Ok(Opened { checkout, path: path.to_owned(), note: None });
    };
    let checkout = Checkout::open(&session.files, &above)?;
    let message = format!("`{}` is part of the repository `{}`: all of it was checked", shown(path), shown(&above));
    let help = "give the folder of the repository, or put a fleetlint.yaml into the folder to check it alone";
    let note = FleetNote::new(NoteReason::PartOfRepository, message).help(help);
    Ok(Opened { checkout, path: above, note: Some(note) })
}

/// Whether a folder of a repository is a repository of its own: a bare one, or one whose files declare a cluster that is in
/// it. It is looked at in a session of its own, which counts nothing.
fn stands_alone(path: &Path) -> bool {
    let probe = Session::default();
    let own = Checkout::open(&probe.files, path);
    own.is_ok_and(|own| own.is_bare || fleet::declares_cluster(&own, &probe.documents))
}

/// A path without `.` segments.
fn shown(path: &Path) -> String {
    let segments: PathBuf = path.components().filter(|segment| !matches!(segment, Component::CurDir)).collect();
    if segments.as_os_str().is_empty() { ".".to_owned() } else { segments.display().to_string() }
}
