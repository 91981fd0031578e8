//! A snapshot of a repository (or a folder of it) that builds read: a working tree, a Git revision, a Flux artifact.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;

use super::disk::Disk;
use super::{File, Files, path};

/// What a path of a tree is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    File,
    Folder,
}

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("no such file or folder")]
    NotFound,
    #[error("it is a folder")]
    IsFolder,
    #[error("it lies outside the repository")]
    OutsideRepository,
    #[error("it is larger than {limit} bytes")]
    TooLarge { limit: u64 },
    #[error("{0}")]
    Io(String),
}

/// Files by path. Paths are relative to the tree's root, with `/`, without `.` and `..`; the root is `""`.
///
/// Cheap to share between threads: hold it in an [`Arc`]. Every file is read once per run, also through several views.
#[derive(Debug)]
pub struct Tree {
    /// The repository's name in reports.
    pub repository: Arc<str>,
    /// The branch or tag that was read; `None` for a working tree.
    pub revision: Option<Arc<str>>,
    backing: Backing,
}

#[derive(Debug)]
enum Backing {
    Disk(Disk),
}

impl Tree {
    /// A folder of the disk as `kustomize build` sees it: nothing is ignored, symbolic links are followed, files are
    /// looked at when asked for. `root` is canonical; what resolves outside it is [`ReadError::OutsideRepository`].
    /// Files are named relative to `base`, a path of the tree.
    pub(super) fn disk(files: Arc<Files>, repository: Arc<str>, root: PathBuf, base: String) -> Self {
        let backing = Backing::Disk(Disk::new(files, Arc::clone(&repository), root, base));
        Self { repository, revision: None, backing }
    }

    /// What lies at a path, if anything does. Symbolic links are followed where the tree has any, also out of it.
    pub fn entry(&self, path: &str) -> Option<EntryKind> {
        let path = cleaned(path).ok()?;
        match &self.backing {
            Backing::Disk(disk) => disk.entry(&path),
        }
    }

    /// What a folder holds, in byte order of the names; empty if it is no folder. Names that are not UTF-8 are left out.
    pub fn folder(&self, path: &str) -> Vec<(String, EntryKind)> {
        let Ok(path) = cleaned(path) else { return Vec::new() };
        match &self.backing {
            Backing::Disk(disk) => disk.folder(&path),
        }
    }

    /// Reads a file, once per run.
    pub fn file(&self, path: &str) -> Result<Arc<File>, ReadError> {
        let path = cleaned(path)?;
        match &self.backing {
            Backing::Disk(disk) => disk.file(&path),
        }
    }

    /// The path after following symbolic links; the path itself in a tree without links.
    pub fn resolve(&self, path: &str) -> Result<String, ReadError> {
        let path = cleaned(path)?;
        match &self.backing {
            Backing::Disk(disk) => disk.resolve(&path),
        }
    }
}

/// Callers give clean paths; one that leads out of the root must still not lead anywhere.
fn cleaned(path: &str) -> Result<Cow<'_, str>, ReadError> {
    if path::is_clean(path) {
        return Ok(Cow::Borrowed(path));
    }
    path::clean(path).map(Cow::Owned).ok_or(ReadError::OutsideRepository)
}
