//! The files of a commit.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use gix::objs::tree::EntryKind as Kind;
use gix::{ObjectId, Repository, ThreadSafeRepository};

use super::super::read::{FILE_COUNT_LIMIT, FILE_LIMIT};
use super::super::{ReadError, odd_name};
use super::{Entry, EntryKind};

/// As long as a path of the disk can be.
const PATH_LIMIT: usize = 4096;

/// All paths together, in bytes. Few objects can describe endless trees.
const LIST_LIMIT: usize = 128 * 1024 * 1024;

/// The objects of a repository.
#[derive(Clone)]
pub(in super::super) struct Objects {
    repository: Arc<ThreadSafeRepository>,
    /// The folders that were read: revisions share most of them.
    folders: Arc<Mutex<HashMap<ObjectId, Arc<[Item]>>>>,
    /// The contents that were read, for the same reason.
    contents: Arc<Mutex<HashMap<ObjectId, Arc<[u8]>>>>,
}

/// What a tree object says of one name in it.
#[derive(Debug)]
struct Item {
    name: Vec<u8>,
    kind: Kind,
    id: ObjectId,
}

/// The contents of the files of a commit, in the order of their paths.
#[derive(Debug)]
pub(in super::super) struct Blobs {
    objects: Objects,
    ids: Vec<ObjectId>,
}

/// The regular files of a commit.
pub(in super::super) struct Listing {
    /// In byte order, without doubles.
    pub paths: Vec<String>,
    pub blobs: Blobs,
    /// What is not UTF-8, as it is shown.
    pub odd_names: Vec<String>,
}

impl std::fmt::Debug for Objects {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Objects").finish_non_exhaustive()
    }
}

impl Blobs {
    /// The bytes of the file at a position of the list.
    pub(in super::super) fn read(&self, index: usize) -> Result<Arc<[u8]>, ReadError> {
        self.objects.read(*self.ids.get(index).ok_or(ReadError::NotFound)?)
    }
}

impl Objects {
    pub(super) fn of(repository: Arc<ThreadSafeRepository>) -> Self {
        Self { repository, folders: Arc::default(), contents: Arc::default() }
    }

    /// The bytes of a blob; it is read once.
    pub(in super::super) fn read(&self, id: ObjectId) -> Result<Arc<[u8]>, ReadError> {
        let contents = || self.contents.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = contents().get(&id) {
            return Ok(Arc::clone(known));
        }
        let repository = self.repository.to_thread_local();
        let damaged = |_| ReadError::Io(format!("the object `{id}` of the repository is missing or damaged"));
        // Asked before decoding: a small object can unpack into a huge one.
        if repository.find_header(id).map_err(damaged)?.size() > FILE_LIMIT {
            return Err(ReadError::TooLarge { limit: FILE_LIMIT });
        }
        let mut object = repository.find_object(id).map_err(damaged)?.try_into_blob().map_err(damaged)?;
        let bytes: Arc<[u8]> = object.take_data().into();
        contents().insert(id, Arc::clone(&bytes));
        Ok(bytes)
    }

    /// The files below a tree, links and submodules included, in no particular order. A folder whose name is not UTF-8 is
    /// not looked into: it is there as if it were a file, with a `/` at its end.
    pub(in super::super) fn entries(&self, tree: ObjectId) -> Result<Vec<Entry>, String> {
        self.walk(&self.repository.to_thread_local(), tree)
    }

    /// The files of a commit; as [`Objects::entries`].
    pub(in super::super) fn entries_of(&self, commit: ObjectId) -> Result<Vec<Entry>, String> {
        let local = self.repository.to_thread_local();
        let damaged = |_| format!("the commit `{commit}` is missing or damaged");
        let tree = local.find_commit(commit).map_err(damaged)?.tree_id().map_err(damaged)?.detach();
        self.walk(&local, tree)
    }

    fn walk(&self, repository: &Repository, root: ObjectId) -> Result<Vec<Entry>, String> {
        let (mut found, mut folders) = (Vec::new(), vec![(Vec::new(), root)]);
        let (mut seen, mut bytes) = (0_usize, 0_usize);
        while let Some((folder, id)) = folders.pop() {
            for Item { name, kind, id } in self.folder(repository, id)?.iter() {
                let path = if folder.is_empty() { name.clone() } else { [&folder, &b"/"[..], name].concat() };
                seen += 1;
                bytes += path.len();
                if seen > FILE_COUNT_LIMIT || bytes > LIST_LIMIT || path.len() > PATH_LIMIT {
                    return Err(too_many());
                }
                let is_odd = std::str::from_utf8(name).is_err();
                let (path, kind) = match kind {
                    Kind::Tree if !is_odd => {
                        folders.push((path, *id));
                        continue;
                    }
                    Kind::Tree => ([path.as_slice(), b"/"].concat(), EntryKind::File),
                    Kind::Blob | Kind::BlobExecutable => (path, EntryKind::File),
                    Kind::Link => (path, EntryKind::Link),
                    Kind::Commit => (path, EntryKind::Submodule),
                };
                found.push(Entry { path, kind, id: *id, is_left_out: false });
            }
        }
        Ok(found)
    }

    /// What a tree object holds; it is read once.
    fn folder(&self, repository: &Repository, id: ObjectId) -> Result<Arc<[Item]>, String> {
        let folders = || self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = folders().get(&id) {
            return Ok(Arc::clone(known));
        }
        let read = read(repository, id)?;
        let mut folders = folders();
        if folders.len() < FILE_COUNT_LIMIT {
            folders.insert(id, Arc::clone(&read));
        }
        Ok(read)
    }

    /// The regular files of a commit; no symbolic links, no submodules.
    pub(in super::super) fn list(&self, commit: ObjectId) -> Result<Listing, String> {
        let (mut found, mut odd_names) = (Vec::new(), BTreeSet::new());
        for entry in self.entries_of(commit)?.into_iter().filter(|entry| entry.kind == EntryKind::File) {
            match String::from_utf8(entry.path) {
                Ok(path) => found.push((path, entry.id)),
                Err(error) => odd_names.extend(odd_name::shown(error.as_bytes())),
            }
        }
        found.sort_unstable();
        found.dedup_by(|later, earlier| later.0 == earlier.0);
        let (paths, ids) = found.into_iter().unzip();
        Ok(Listing { paths, blobs: Blobs { objects: self.clone(), ids }, odd_names: odd_names.into_iter().collect() })
    }
}

fn too_many() -> String {
    format!("it has more than {FILE_COUNT_LIMIT} files, or paths that are too long")
}

/// What a tree object holds, without what Git itself would not check out.
fn read(repository: &Repository, id: ObjectId) -> Result<Arc<[Item]>, String> {
    let damaged = |_| format!("the tree `{id}` is missing or damaged");
    let tree = repository.find_tree(id).map_err(damaged)?;
    let mut items = Vec::new();
    for entry in tree.iter() {
        let entry = entry.map_err(damaged)?;
        let name: &[u8] = entry.filename();
        if items.len() >= FILE_COUNT_LIMIT {
            return Err(too_many());
        }
        if is_name(name) {
            items.push(Item { name: name.to_vec(), kind: entry.mode().kind(), id: entry.object_id() });
        }
    }
    Ok(items.into())
}

/// Git itself refuses to check out anything else.
fn is_name(name: &[u8]) -> bool {
    !matches!(name, b"" | b"." | b".." | b".git") && !name.contains(&b'/')
}
