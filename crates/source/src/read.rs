//! Reads one regular file from the disk, within limits.

use std::io::{self, ErrorKind, Read};
use std::path::Path;

use super::ReadError;

/// No file of a fleet is larger, in bytes. etcd takes objects of 1.5 MB; a multi-document file may hold several.
pub(super) const FILE_LIMIT: u64 = 16 * 1024 * 1024;

/// No repository has more files; a larger one would take minutes.
pub(super) const FILE_COUNT_LIMIT: usize = 500_000;

/// The bytes of a regular file; symbolic links are followed.
pub(super) fn regular_file(path: &Path) -> Result<Vec<u8>, ReadError> {
    regular_file_within(path, FILE_LIMIT)
}

/// The same with a limit of its own.
pub(super) fn regular_file_within(path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
    // Asked before opening: opening a named pipe waits for a writer.
    let metadata = path.metadata().map_err(|error| read_error(&error))?;
    if metadata.is_dir() {
        return Err(ReadError::IsFolder);
    }
    if !metadata.is_file() {
        return Err(ReadError::Io("it is not a regular file".to_owned()));
    }
    if metadata.len() > limit {
        return Err(ReadError::TooLarge { limit });
    }
    let file = std::fs::File::open(path).map_err(|error| read_error(&error))?;
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
    file.take(limit + 1).read_to_end(&mut bytes).map_err(|error| read_error(&error))?;
    if bytes.len() as u64 > limit { Err(ReadError::TooLarge { limit }) } else { Ok(bytes) }
}

/// What the operating system says, without the number of the error.
pub(super) fn read_error(error: &io::Error) -> ReadError {
    match error.kind() {
        // A name inside a file is as absent as one inside a folder that lacks it.
        ErrorKind::NotFound | ErrorKind::NotADirectory => ReadError::NotFound,
        ErrorKind::PermissionDenied => ReadError::Io("permission denied".to_owned()),
        _ => {
            let text = error.to_string().to_lowercase();
            ReadError::Io(text.split(" (os error").next().unwrap_or_default().to_owned())
        }
    }
}
