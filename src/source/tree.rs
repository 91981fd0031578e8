//! A snapshot of a repository (or a folder of it) that builds read: a working tree, a Git revision, a Flux artifact.

use std::sync::Arc;

use super::File;

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
#[derive(Debug)]
pub struct Tree {
    /// The repository's name in reports.
    pub repository: Arc<str>,
    /// The branch or tag that was read; `None` for a working tree.
    pub revision: Option<Arc<str>>,
}

impl Tree {
    /// What lies at a path, if anything does.
    pub fn entry(&self, _path: &str) -> Option<EntryKind> {
        todo!()
    }

    /// What a folder holds, in byte order of the names; empty if it is no folder.
    pub fn folder(&self, _path: &str) -> Vec<(String, EntryKind)> {
        todo!()
    }

    /// Reads a file, once per run.
    pub fn file(&self, _path: &str) -> Result<Arc<File>, ReadError> {
        todo!()
    }

    /// The path after following symbolic links; the path itself in a tree without links.
    pub fn resolve(&self, _path: &str) -> Result<String, ReadError> {
        todo!()
    }
}
