//! What Git tracks below a folder: this is what Flux applies, whatever `.gitignore` says.

use std::collections::{BTreeMap, HashSet};
use std::io::ErrorKind;
use std::path::Path;

use gix::ObjectId;

use super::git::{self, Entry, EntryKind, GitFolder, GitRepository, Head, Objects};
use super::read::FILE_COUNT_LIMIT;
use super::{Reference, odd_name, path};

/// What Git says about a folder of the disk.
pub(super) enum Scope {
    /// It is in no Git work tree.
    Plain,
    /// It is in one, and what is tracked cannot be read: everything has to count, so that nothing is hidden.
    Unknown,
    Known(Tracked),
}

/// Tracked paths, relative to the folder.
#[derive(Default)]
pub(super) struct Tracked {
    /// Regular files.
    pub files: BTreeMap<String, TrackedFile>,
    /// What is in these is not a part of the tree.
    pub submodules: HashSet<String>,
    /// Paths that are not UTF-8, as Git has them.
    pub odd: Vec<Vec<u8>>,
    /// Where contents are read that the work tree lacks; why they cannot be, if so.
    pub objects: Option<Result<Objects, String>>,
}

#[derive(Clone, Copy)]
pub(super) struct TrackedFile {
    pub id: ObjectId,
    /// A sparse checkout leaves it out: Git holds it, the disk does not.
    pub is_left_out: bool,
}

/// What Git tracks below a canonical folder.
pub(super) fn below(folder: &Path) -> Scope {
    let Some(top) = git::work_tree_above(folder) else { return Scope::Plain };
    let prefix = path::below(top, folder);
    let tracked = prefix.and_then(|prefix| tracked(top, &prefix));
    tracked.map_or(Scope::Unknown, Scope::Known)
}

fn tracked(top: &Path, prefix: &str) -> Option<Tracked> {
    let git = GitFolder::of(top)?;
    if git::settings(&git.common).has_other_hash {
        return None;
    }
    let index = git.own.join("index");
    let entries = match index.symlink_metadata() {
        Err(why) if why.kind() == ErrorKind::NotFound => checked_out_nothing(top, &git)?,
        _ => git::read_index(&index)?,
    };
    let mut tracked = Tracked::default();
    if entries.iter().any(|entry| entry.is_left_out) {
        tracked.objects = Some(GitRepository::open(top).map(|repository| repository.objects()));
    }
    for entry in entries {
        tracked.add(prefix, entry)?;
    }
    Some(tracked)
}

/// A repository without an index: nothing was ever checked out or added, and what is tracked is what `HEAD` holds.
fn checked_out_nothing(top: &Path, git: &GitFolder) -> Option<Vec<Entry>> {
    let reference = match git.head()? {
        Head::Branch(name) => Reference::Branch(name),
        Head::Commit(id) => Reference::Commit(id),
    };
    let repository = GitRepository::open(top).ok()?;
    let Some(commit) = repository.find(&reference).ok()? else {
        // A branch without a commit: a repository that is new.
        return matches!(reference, Reference::Branch(_)).then(Vec::new);
    };
    repository.objects().entries_of(commit.commit).ok()
}

impl Tracked {
    /// `None` if what is tracked cannot be told.
    fn add(&mut self, prefix: &str, entry: Entry) -> Option<()> {
        let Some(path) = inside(prefix, &entry.path) else { return Some(()) };
        // Folders of a sparse index may all be the same one, which is large.
        if self.files.len() > FILE_COUNT_LIMIT {
            return None;
        }
        if entry.kind == EntryKind::Folder {
            return self.add_folder(prefix, &entry);
        }
        match (entry.kind, std::str::from_utf8(path)) {
            (EntryKind::File, Ok(path)) => {
                let file = TrackedFile { id: entry.id, is_left_out: entry.is_left_out };
                self.files.insert(path.to_owned(), file);
            }
            (EntryKind::File, Err(_)) => self.odd.push(path.to_owned()),
            (EntryKind::Submodule, Ok(path)) => _ = self.submodules.insert(path.to_owned()),
            _ => {}
        }
        Some(())
    }

    /// A folder that a sparse index does not list: its files are those of the tree.
    fn add_folder(&mut self, prefix: &str, folder: &Entry) -> Option<()> {
        let objects = self.objects.as_ref()?.as_ref().ok()?;
        for mut entry in objects.entries(folder.id).ok()? {
            entry.path = [folder.path.as_slice(), &entry.path].concat();
            entry.is_left_out = true;
            self.add(prefix, entry)?;
        }
        Some(())
    }

    /// Whether there is a path that is not UTF-8 in the checkout, and how it is shown.
    pub(super) fn odd_names<'a>(&'a self, root: &'a Path) -> impl Iterator<Item = String> + 'a {
        let exists = |path: &[u8]| match gix::path::from_byte_slice(path) {
            Ok(path) => root.join(path).symlink_metadata().is_ok(),
            Err(_) => true,
        };
        self.odd.iter().filter(move |path| exists(path)).filter_map(|path| odd_name::shown(path))
    }
}

/// A path of the work tree as a path below `prefix`, if it is below.
fn inside<'a>(prefix: &str, path: &'a [u8]) -> Option<&'a [u8]> {
    if prefix.is_empty() {
        return Some(path);
    }
    path.strip_prefix(prefix.as_bytes())?.strip_prefix(b"/")
}
