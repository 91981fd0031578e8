//! Fleets for tests: copies of `testdata/fleets/` with files laid over them. Use it as
//! `#[cfg(test)] #[path = "support/fleet.rs"] mod fleet;`.

// Each harness uses its part.
#![allow(dead_code)]

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// The fleet repository of `d1`.
pub(crate) const D1: &str = "acme-fleet";

/// Repositories side by side in a folder of their own, which is removed at the end.
pub(crate) struct Repositories {
    folder: TempDir,
}

impl Repositories {
    /// No repository yet.
    pub(crate) fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A copy of all repositories of `testdata/fleets/<base>`.
    pub(crate) fn copy_of(base: &str) -> Self {
        let repositories = Self::empty();
        copy(&source(base), repositories.folder.path());
        repositories
    }

    /// The folder of a repository.
    pub(crate) fn path(&self, repository: &str) -> PathBuf {
        self.folder.path().join(repository)
    }

    /// Writes a file, over the one that is there. `\xNN` in its path is a byte.
    pub(crate) fn write(&self, repository: &str, file: &str, text: &str) {
        let path = self.path(repository).join(unescaped(file));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// A path whose names need not be UTF-8.
#[cfg(unix)]
fn unescaped(path: &str) -> PathBuf {
    use std::os::unix::ffi::OsStringExt as _;

    let mut pieces = path.split(r"\x");
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        let (hex, rest) = piece.split_at(2);
        bytes.push(u8::from_str_radix(hex, 16).unwrap());
        bytes.extend(rest.as_bytes());
    }
    std::ffi::OsString::from_vec(bytes).into()
}

#[cfg(not(unix))]
fn unescaped(path: &str) -> PathBuf {
    path.into()
}

/// Where a fleet of `testdata/fleets/` lies.
pub(crate) fn source(base: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/fleets").join(base)
}

/// The files below a folder, sorted, with their paths relative to it.
pub(crate) fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

fn copy(from: &Path, to: &Path) {
    for file in files(from) {
        let target = to.join(&file);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(from.join(&file), target).unwrap();
    }
}
