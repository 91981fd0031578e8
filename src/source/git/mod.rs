//! Reads commits of Git repositories: objects and references only, no checkout, nothing of their configuration runs.

mod listing;
mod references;

use std::path::Path;
use std::sync::Arc;

use gix::ThreadSafeRepository;
use gix::open::Options;
use gix::sec::Trust;

pub(super) use listing::Blobs;
pub(super) use references::Resolved;

/// What unpacking one object may take; a file as large as we read, and what it is stored as a difference to.
const ALLOCATION_LIMIT: &str = "gitoxide.objects.allocLimit=67108864";

/// An opened repository. Shared by threads.
#[derive(Clone, Debug)]
pub(super) struct GitRepository {
    inner: Arc<ThreadSafeRepository>,
}

/// Whether a folder counts as a Git repository: it holds `.git` itself, or is bare. Nothing is searched upwards.
pub(super) fn is_repository(folder: &Path) -> bool {
    let is_bare = || folder.join("HEAD").is_file() && ["objects", "refs"].iter().all(|name| folder.join(name).is_dir());
    folder.join(".git").symlink_metadata().is_ok() || is_bare()
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
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The files of a commit; equal commits need to be asked for once.
    pub(super) fn list(&self, commit: gix::ObjectId) -> Result<(Vec<String>, Blobs), String> {
        listing::list(&self.inner, commit)
    }
}

fn is_ours(section: &gix::config::file::Metadata) -> bool {
    section.source == gix::config::Source::Api
}
