//! The files of a commit.

use std::sync::Arc;

use gix::{ObjectId, Repository, ThreadSafeRepository};

use super::super::ReadError;
use super::super::path;
use super::super::read::FILE_LIMIT;
use super::super::snapshot::FILE_COUNT_LIMIT;

/// As long as a path of the disk can be.
const PATH_LIMIT: usize = 4096;

/// All paths together, in bytes. Few objects can describe endless trees.
const LIST_LIMIT: usize = 128 * 1024 * 1024;

/// The contents of the files of a commit, in the order of their paths.
pub(in super::super) struct Blobs {
    repository: Arc<ThreadSafeRepository>,
    ids: Vec<ObjectId>,
}

impl std::fmt::Debug for Blobs {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Blobs").field("files", &self.ids.len()).finish_non_exhaustive()
    }
}

impl Blobs {
    /// The bytes of the file at a position of the list.
    pub(in super::super) fn read(&self, index: usize) -> Result<Vec<u8>, ReadError> {
        let id = *self.ids.get(index).ok_or(ReadError::NotFound)?;
        let repository = self.repository.to_thread_local();
        let damaged = |_| ReadError::Io(format!("the object `{id}` of the repository is missing or damaged"));
        // Asked before decoding: a small object can unpack into a huge one.
        if repository.find_header(id).map_err(damaged)?.size() > FILE_LIMIT {
            return Err(ReadError::TooLarge { limit: FILE_LIMIT });
        }
        let mut object = repository.find_object(id).map_err(damaged)?.try_into_blob().map_err(damaged)?;
        Ok(object.take_data())
    }
}

/// The regular files of a commit, in byte order of the paths; no symbolic links, no submodules.
pub(super) fn list(repository: &Arc<ThreadSafeRepository>, commit: ObjectId) -> Result<(Vec<String>, Blobs), String> {
    let local = repository.to_thread_local();
    let damaged = |_| format!("the commit `{commit}` is missing or damaged");
    let tree = local.find_commit(commit).map_err(damaged)?.tree_id().map_err(damaged)?.detach();
    let mut found = walk(&local, tree)?;
    found.sort_unstable();
    found.dedup_by(|later, earlier| later.0 == earlier.0);
    let (paths, ids) = found.into_iter().unzip();
    Ok((paths, Blobs { repository: Arc::clone(repository), ids }))
}

fn walk(repository: &Repository, root: ObjectId) -> Result<Vec<(String, ObjectId)>, String> {
    let (mut found, mut folders) = (Vec::new(), vec![(String::new(), root)]);
    let (mut seen, mut bytes) = (0_usize, 0_usize);
    while let Some((folder, id)) = folders.pop() {
        let damaged = |_| format!("the tree `{id}` is missing or damaged");
        let tree = repository.find_tree(id).map_err(damaged)?;
        for entry in tree.iter() {
            let entry = entry.map_err(damaged)?;
            let Some(name) = std::str::from_utf8(entry.filename()).ok().filter(|name| is_name(name)) else { continue };
            let path = path::join(&folder, name);
            seen += 1;
            bytes += path.len();
            if seen > FILE_COUNT_LIMIT || bytes > LIST_LIMIT || path.len() > PATH_LIMIT {
                return Err(format!("it has more than {FILE_COUNT_LIMIT} files, or paths that are too long"));
            }
            let mode = entry.mode();
            if mode.is_blob() {
                found.push((path, entry.object_id()));
            } else if mode.is_tree() {
                folders.push((path, entry.object_id()));
            }
        }
    }
    Ok(found)
}

/// Git itself refuses to check out anything else.
fn is_name(name: &str) -> bool {
    !matches!(name, "" | "." | ".." | ".git") && !name.contains('/')
}
