//! Reads commits of Git repositories: objects and references only, no checkout, nothing of their configuration runs.

mod clone;
mod config;
mod folder;
mod history;
mod index;
mod listing;
mod references;

use std::path::Path;
use std::sync::Arc;

use gix::ThreadSafeRepository;
use gix::open::Options;
use gix::sec::Trust;

pub(super) use clone::quoted;
pub(super) use config::read as settings;
pub(super) use folder::{GitFolder, Head};
pub(super) use index::{Entry, EntryKind, read as read_index};
pub(super) use listing::{Blobs, Listing, Objects};
pub(super) use references::Resolved;

/// What unpacking one object may take; a file as large as we read, and what it is stored as a difference to.
const ALLOCATION_LIMIT: &str = "gitoxide.objects.allocLimit=67108864";

/// An opened repository. Shared by threads.
#[derive(Clone, Debug)]
pub(super) struct GitRepository {
    inner: Arc<ThreadSafeRepository>,
    objects: Objects,
}

/// Whether a folder counts as a Git repository: it holds `.git` itself, or is bare. Nothing is searched upwards.
pub(super) fn is_repository(folder: &Path) -> bool {
    folder.join(".git").symlink_metadata().is_ok() || is_bare(folder)
}

/// Whether a folder is a bare repository.
pub(super) fn is_bare(folder: &Path) -> bool {
    let holds = |name: &&str| folder.join(name).is_dir();
    folder.join("HEAD").is_file() && ["objects", "refs"].iter().all(holds) && !folder.join(".git").exists()
}

/// The work tree that holds a folder: the nearest one at or above it with `.git`.
pub(super) fn work_tree_above(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|above| above.join(".git").symlink_metadata().is_ok())
}

impl GitRepository {
    /// Opens a folder that [`is_repository`]. Its owner does not matter: a container often reads a checkout of somebody
    /// else. Nothing is configured by the environment, the user or the repository, whose objects and references alone count.
    pub(super) fn open(folder: &Path) -> Result<Self, String> {
        let dot_git = folder.join(".git");
        let path = if dot_git.symlink_metadata().is_ok() { dot_git } else { folder.to_owned() };
        let options = Options::isolated().with(Trust::Reduced).open_path_as_is(true);
        let options = options.config_overrides([ALLOCATION_LIMIT]).filter_config_section(is_ours);
        let mut inner = options.open(path).map_err(|_| "it cannot be opened as a Git repository".to_owned())?;
        // The one setting that gix takes from whoever it comes.
        inner.refs.namespace = None;
        let git_dir = inner.common_dir.as_deref().unwrap_or(inner.refs.git_dir());
        if git_dir.join("reftable").is_dir() {
            return Err("it stores its references as reftable, which fleetlint cannot read".to_owned());
        }
        let inner = Arc::new(inner);
        Ok(Self { objects: Objects::of(Arc::clone(&inner)), inner })
    }

    /// Its objects; all revisions share what was read of them.
    pub(super) fn objects(&self) -> Objects {
        self.objects.clone()
    }
}

fn is_ours(section: &gix::config::file::Metadata) -> bool {
    section.source == gix::config::Source::Api
}
