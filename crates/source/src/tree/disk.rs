//! A folder as `kustomize build` sees it: looked at when asked, symbolic links followed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::cache::Cache;
use crate::read::{read_error, regular_file};
use crate::{EntryKind, File, Files, ReadError, path};

/// The file system below a root. Links that lead out of the root are refused.
#[derive(Debug)]
pub(super) struct Disk {
    files: Arc<Files>,
    repository: Arc<str>,
    /// Canonical.
    root: PathBuf,
    /// The path of the tree from which files are named in messages.
    base: String,
    resolved: Cache<String, Result<String, ReadError>>,
    /// By resolved path.
    read: Cache<String, Result<Arc<File>, ReadError>>,
}

impl Disk {
    pub(super) fn new(files: Arc<Files>, repository: Arc<str>, root: PathBuf, base: String) -> Self {
        Self { files, repository, root, base, resolved: Cache::default(), read: Cache::default() }
    }

    pub(super) fn entry(&self, path: &str) -> Option<EntryKind> {
        kind(&self.root.join(path))
    }

    pub(super) fn folder(&self, path: &str) -> Vec<(String, EntryKind)> {
        let Some(folder) = self.resolve(path).ok().map(|resolved| self.root.join(resolved)) else { return Vec::new() };
        let Ok(entries) = folder.read_dir() else { return Vec::new() };
        let named = entries.filter_map(|entry| {
            let entry = entry.ok()?;
            Some((entry.file_name().into_string().ok()?, kind(&entry.path())?))
        });
        let mut found: Vec<_> = named.collect();
        found.sort_by(|left, right| left.0.cmp(&right.0));
        found
    }

    pub(super) fn file(&self, path: &str) -> Result<Arc<File>, ReadError> {
        let resolved = self.resolve(path)?;
        self.read.get_or_make(resolved.as_str(), || {
            let bytes = regular_file(&self.root.join(&resolved))?;
            Ok(self.files.add(Arc::clone(&self.repository), None, self.shown(&resolved), bytes))
        })
    }

    pub(super) fn shown(&self, path: &str) -> String {
        path::relative(&self.base, path)
    }

    pub(super) fn link(&self, path: &str) -> Option<String> {
        let target = self.root.join(path).read_link().ok()?;
        Some(target.to_string_lossy().into_owned())
    }

    pub(super) fn resolve(&self, path: &str) -> Result<String, ReadError> {
        self.resolved.get_or_make(path, || {
            let canonical = self.root.join(path).canonicalize().map_err(|error| read_error(&error))?;
            if !canonical.starts_with(&self.root) {
                return Err(ReadError::OutsideRepository);
            }
            path::below(&self.root, &canonical).ok_or_else(|| ReadError::Io("its name is not UTF-8".to_owned()))
        })
    }
}

fn kind(path: &Path) -> Option<EntryKind> {
    let metadata = path.metadata().ok()?;
    if metadata.is_dir() { Some(EntryKind::Folder) } else { Some(EntryKind::File) }
}
