//! A folder that the command line names.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::OpenError;

/// The folder that a path of the command line means, symbolic links followed.
pub(super) fn canonical_folder(path: &Path) -> Result<PathBuf, OpenError> {
    let canonical = path.canonicalize().map_err(|error| OpenError::from_io(path, &error))?;
    if canonical.is_dir() { Ok(canonical) } else { Err(OpenError::NotAFolder { path: path.to_owned() }) }
}

/// The name of a repository that is known by its folder only.
pub(super) fn folder_name(folder: &Path) -> Arc<str> {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.unwrap_or_else(|| "fleet".to_owned());
    Arc::from(name.strip_suffix(".git").filter(|rest| !rest.is_empty()).unwrap_or(&name))
}
