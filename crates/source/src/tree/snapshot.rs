//! The files of a repository at one moment, each read once per run, whatever view asks for it.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use gix::ObjectId;

use super::Tree;
use crate::cache::Cache;
use crate::git::{Blobs, Objects};
use crate::read::regular_file;
use crate::{File, Files, ReadError};

/// Where the contents come from.
#[derive(Debug)]
pub(crate) enum Content {
    /// A folder of the disk, canonical.
    Folder(PathBuf),
    /// A folder that lacks some of the files: these are in its repository, by their position in the paths.
    Sparse { root: PathBuf, stored: HashMap<usize, ObjectId>, objects: Result<Objects, String> },
    /// The blobs of a commit, in the order of the paths.
    Commit(Blobs),
    /// What the files hold, in the order of the paths.
    Memory(Vec<Vec<u8>>),
    /// Files of other trees with their paths there, in the order of the paths. They keep the names they have there.
    Composed(Vec<(Arc<Tree>, String)>),
}

/// A list of files, and what they hold as far as somebody has asked.
#[derive(Debug)]
pub(crate) struct Snapshot {
    files: Arc<Files>,
    repository: Arc<str>,
    revision: Option<Arc<str>>,
    /// In byte order.
    paths: Vec<String>,
    read: Vec<OnceLock<Result<Arc<File>, ReadError>>>,
    content: Content,
    /// What is not UTF-8, as it is shown, in byte order.
    odd_names: Vec<String>,
    odd_files: Cache<String, Arc<File>>,
}

impl Snapshot {
    /// `paths` is in byte order, without doubles.
    pub(crate) fn new(
        files: Arc<Files>,
        repository: Arc<str>,
        revision: Option<Arc<str>>,
        paths: Vec<String>,
        content: Content,
    ) -> Self {
        let read = paths.iter().map(|_| OnceLock::new()).collect();
        Self { files, repository, revision, paths, read, content, odd_names: Vec::new(), odd_files: Cache::default() }
    }

    /// The same, with the names that no path can hold.
    pub(crate) fn with_odd_names(self, odd_names: Vec<String>) -> Self {
        Self { odd_names, ..self }
    }

    pub(crate) fn odd_names(&self) -> &[String] {
        &self.odd_names
    }

    /// A file for one of [`Snapshot::odd_names`]: its content does not matter, what is wrong is its name.
    pub(crate) fn odd_file(&self, name: &str) -> Arc<File> {
        let file = || self.files.add(Arc::clone(&self.repository), self.revision.clone(), name.to_owned(), Vec::new());
        self.odd_files.get_or_make(name, file)
    }

    pub(crate) fn repository(&self) -> &Arc<str> {
        &self.repository
    }

    pub(crate) fn revision(&self) -> Option<&Arc<str>> {
        self.revision.as_ref()
    }

    pub(crate) fn len(&self) -> usize {
        self.paths.len()
    }

    pub(crate) fn path(&self, index: u32) -> &str {
        self.paths.get(index as usize).map_or("", String::as_str)
    }

    pub(crate) fn file(&self, index: u32) -> Result<Arc<File>, ReadError> {
        let index = index as usize;
        let (Some(cell), Some(path)) = (self.read.get(index), self.paths.get(index)) else {
            return Err(ReadError::NotFound);
        };
        cell.get_or_init(|| {
            let bytes: Arc<[u8]> = match &self.content {
                Content::Folder(root) => regular_file(&root.join(path))?.into(),
                Content::Sparse { root, stored, objects } => match (stored.get(&index), objects) {
                    (None, _) => regular_file(&root.join(path))?.into(),
                    (Some(id), Ok(objects)) => objects.read(*id)?,
                    (Some(_), Err(why)) => return Err(ReadError::Io(why.clone())),
                },
                Content::Commit(blobs) => blobs.read(index)?,
                Content::Memory(contents) => {
                    contents.get(index).map(|bytes| bytes.as_slice().into()).ok_or(ReadError::NotFound)?
                }
                Content::Composed(sources) => {
                    let (tree, source) = sources.get(index).ok_or(ReadError::NotFound)?;
                    return tree.file(source);
                }
            };
            Ok(self.files.add_shared(Arc::clone(&self.repository), self.revision.clone(), path.clone(), bytes))
        })
        .clone()
    }
}
