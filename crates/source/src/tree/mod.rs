//! A snapshot of a repository (or a folder of it) that builds read: a working tree, a Git revision, a Flux artifact.

mod disk;
mod snapshot;
mod view;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use disk::Disk;
use view::TreeView;

use super::{EntryKind, File, Files, ReadError, path};

pub(super) use snapshot::{Content, Snapshot};

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
    Listed(TreeView),
}

impl Tree {
    /// A folder of the disk as `kustomize build` sees it: nothing is ignored, symbolic links are followed, files are
    /// looked at when asked for. `root` is canonical; what resolves outside it is [`ReadError::OutsideRepository`].
    /// Files are named relative to `base`, a path of the tree.
    pub(super) fn disk(files: Arc<Files>, repository: Arc<str>, root: PathBuf, base: String) -> Self {
        let backing = Backing::Disk(Disk::new(files, Arc::clone(&repository), root, base));
        Self { repository, revision: None, backing }
    }

    /// Files that are in memory already: a tree of a test or of the fuzzer. Of two files of one path the last one counts,
    /// a path that leads out of the root is left out.
    pub fn of_files(files: Arc<Files>, repository: Arc<str>, contents: Vec<(String, Vec<u8>)>) -> Self {
        let inside = contents.into_iter().filter_map(|(path, bytes)| Some((path::clean(&path)?, bytes)));
        let sorted: BTreeMap<String, Vec<u8>> = inside.filter(|(path, _)| !path.is_empty()).collect();
        let (paths, bytes) = sorted.into_iter().unzip();
        Self::listed(Snapshot::new(files, repository, None, paths, Content::Memory(bytes)))
    }

    /// The files of a snapshot, and nothing else.
    pub(super) fn listed(snapshot: Snapshot) -> Self {
        let (repository, revision) = (Arc::clone(snapshot.repository()), snapshot.revision().cloned());
        Self { repository, revision, backing: Backing::Listed(TreeView::all(Arc::new(snapshot))) }
    }

    /// All regular files, sorted by bytes of the path. A tree of [`open_for_build`](crate::open_for_build) is not
    /// listed and has none.
    pub fn files(&self) -> Vec<String> {
        match &self.backing {
            Backing::Disk(_) => Vec::new(),
            Backing::Listed(view) => view.files(),
        }
    }

    /// Files and folders whose names are not UTF-8, and that no path can name: one file for each, empty, whose path shows
    /// the name with `\xNN`. What is below such a folder is not listed. A tree of [`open_for_build`](crate::open_for_build)
    /// has none.
    pub fn odd_names(&self) -> Vec<Arc<File>> {
        match &self.backing {
            Backing::Disk(_) => Vec::new(),
            Backing::Listed(view) => view.odd_names(),
        }
    }

    /// What source-controller would put into the artifact (flux-build-semantics 2.4): no file that `.sourceignore`
    /// files, `ignore` (the source's `spec.ignore`) or the defaults exclude. Equal questions get the same tree; a tree
    /// of [`open_for_build`](crate::open_for_build) is its own artifact.
    pub fn artifact(self: &Arc<Self>, ignore: Option<&str>) -> Arc<Self> {
        match &self.backing {
            Backing::Disk(_) => Arc::clone(self),
            Backing::Listed(view) => view.artifact(ignore.unwrap_or_default(), |view| self.with_view(view)),
        }
    }

    /// A folder as a root of its own; files keep their repository-relative names in reports. The same folder is the
    /// same tree, `""` is this one; a tree of [`open_for_build`](crate::open_for_build) is not divided.
    pub fn below(self: &Arc<Self>, folder: &str) -> Arc<Self> {
        match (&self.backing, cleaned(folder)) {
            (Backing::Listed(view), Ok(folder)) if !folder.is_empty() => {
                view.below(&folder, |view| self.with_view(view))
            }
            _ => Arc::clone(self),
        }
    }

    fn with_view(&self, view: TreeView) -> Self {
        let (repository, revision) = (Arc::clone(&self.repository), self.revision.clone());
        Self { repository, revision, backing: Backing::Listed(view) }
    }

    /// What is at a path, if anything does. Symbolic links are followed where the tree has any, also out of it.
    pub fn entry(&self, path: &str) -> Option<EntryKind> {
        let path = cleaned(path).ok()?;
        match &self.backing {
            Backing::Disk(disk) => disk.entry(&path),
            Backing::Listed(view) => view.entry(&path),
        }
    }

    /// What a folder holds, in byte order of the names; empty if it is not a folder. Names that are not UTF-8 are left out.
    pub fn folder(&self, path: &str) -> Vec<(String, EntryKind)> {
        let Ok(path) = cleaned(path) else { return Vec::new() };
        match &self.backing {
            Backing::Disk(disk) => disk.folder(&path),
            Backing::Listed(view) => view.folder(&path),
        }
    }

    /// Reads a file, once per run.
    pub fn file(&self, path: &str) -> Result<Arc<File>, ReadError> {
        let path = cleaned(path)?;
        match &self.backing {
            Backing::Disk(disk) => disk.file(&path),
            Backing::Listed(view) => view.file(&path),
        }
    }

    /// A path as the reports name files: relative to the repository or, without one, to the folder that is built.
    pub fn shown(&self, path: &str) -> String {
        let shown = match &self.backing {
            Backing::Disk(disk) => disk.shown(path),
            Backing::Listed(_) => path.to_owned(),
        };
        if shown.is_empty() { ".".to_owned() } else { shown }
    }

    /// Where a symbolic link points, as it is written; `None` for what is not a link, and in a tree without links.
    pub fn link(&self, path: &str) -> Option<String> {
        match &self.backing {
            Backing::Disk(disk) => disk.link(&cleaned(path).ok()?),
            Backing::Listed(_) => None,
        }
    }

    /// The path after following symbolic links; the path itself in a tree without links.
    pub fn resolve(&self, path: &str) -> Result<String, ReadError> {
        let path = cleaned(path)?;
        match &self.backing {
            Backing::Disk(disk) => disk.resolve(&path),
            Backing::Listed(view) if view.entry(&path).is_none() => Err(ReadError::NotFound),
            Backing::Listed(_) => Ok(path.into_owned()),
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
