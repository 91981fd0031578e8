//! Which repository a path means (discovery.md, section 8): itself, or the repository that it is part of.

use std::path::{Path, PathBuf};

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
    let own = Checkout::open(&session.files, path)?;
    let above = repository_above(path, &[CONFIG_FILE]).filter(|above| above != path);
    let Some(above) = above.filter(|_| !own.is_bare && !fleet::declares_cluster(&own, &session.documents)) else {
        return Ok(Opened { checkout: own, path: path.to_owned(), note: None });
    };
    let checkout = Checkout::open(&session.files, &above)?;
    let message =
        format!("`{}` is part of the repository `{}`: all of it was checked", path.display(), above.display());
    let help = "give the folder of the repository, or put a fleetlint.yaml into the folder to check it alone";
    let note = FleetNote::new(NoteReason::PartOfRepository, message).help(help);
    Ok(Opened { checkout, path: above, note: Some(note) })
}
