//! The repositories that `--source` gives, read at what the sources of a fleet name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::cache::Cache;
use super::composed::{self, Member};
use super::folder::canonical_folder;
use super::mapping::Mapping;
use super::tree::{Content, Snapshot};
use super::unused::{NamedSource, Unused, UnusedSource, others, unused};
use super::{Comparison, Files, HistoryGap, OpenError, Reference, Resolution, SourceArgument, Tree, url};

/// A composed tree by its name and its files.
type Composition = (Arc<str>, Arc<[Member]>);

/// All `--source` arguments. Shared by threads; everything is read when it is first asked for, and once per run.
#[derive(Debug)]
pub struct Sources {
    files: Arc<Files>,
    /// By [`url::key`].
    given: BTreeMap<String, Mapping>,
    /// The URLs that were asked for, by [`url::key`].
    asked: Mutex<BTreeSet<String>>,
    compositions: Cache<Composition, Arc<Tree>>,
    /// Trees of one file that no disk holds, by repository, path and text.
    written: Cache<(Arc<str>, String, String), Arc<Tree>>,
}

impl Sources {
    /// The files of the run.
    pub fn files(&self) -> &Arc<Files> {
        &self.files
    }

    /// Takes the arguments in. Of their repositories only those are opened for which a revision is given.
    ///
    /// # Errors
    /// If a path is not a folder, a revision is named of what is not a Git repository or of one that lacks it, or one URL is given
    /// twice for the same branch.
    pub fn new(files: &Arc<Files>, arguments: &[SourceArgument]) -> Result<Self, OpenError> {
        let mut given: BTreeMap<String, Mapping> = BTreeMap::new();
        for argument in arguments {
            let mapping = given.entry(url::key(&argument.url)).or_default();
            mapping.add(files, argument).map_err(|why| why.of_argument(argument))?;
        }
        Ok(Self {
            files: Arc::clone(files),
            given,
            asked: Mutex::default(),
            compositions: Cache::default(),
            written: Cache::default(),
        })
    }

    /// The files after a URL, in any spelling, at a reference. The same answer is the same tree.
    ///
    /// In a Git repository that is the branch or tag that the reference names, or the revision that the argument names
    /// for all of them, without a checkout. A plain folder stands for every branch.
    pub fn resolve(&self, url: &str, reference: &Reference) -> Resolution {
        self.asked.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).insert(url::key(url));
        match self.given.get(&url::key(url)) {
            Some(mapping) => mapping.resolve(reference),
            None => Resolution::NotGiven,
        }
    }

    /// The folder that is given for a URL, in any spelling, at a reference.
    pub fn folder(&self, url: &str, reference: &Reference) -> Option<PathBuf> {
        self.given.get(&url::key(url))?.folder(reference).map(Path::to_owned)
    }

    /// Compares two branches of the repository after a URL, in any spelling.
    ///
    /// # Errors
    /// [`HistoryGap::NotGit`] for what is not given, or is given as plain files, and whatever the history cannot say.
    pub fn compare(&self, url: &str, base: &str, head: &str) -> Result<Comparison, HistoryGap> {
        self.given.get(&url::key(url)).map_or(Err(HistoryGap::NotGit), |mapping| mapping.compare(base, head))
    }

    /// What was given and no source of the fleet reads, whether or not something needs it already. `folder` is that of the
    /// fleet repository.
    pub fn unused(&self, fleet: &[NamedSource], folder: &Path) -> Vec<UnusedSource> {
        let asked = self.asked.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let is_given = |url: &str| self.given.contains_key(&url::key(url));
        let others = others(fleet, &is_given);
        let folder = canonical_folder(folder).ok();
        // The fleet repository at its own address, or the part of it that is pushed, is what is read in any case.
        let is_fleet = |mapping: &Mapping| folder.as_ref().is_some_and(|folder| mapping.is_at(folder));
        let unused = self.given.iter().flat_map(|(key, mapping)| {
            let found = unused(mapping, fleet, asked.contains(key), &others);
            found.into_iter().filter(|unused| unused.why != Unused::Fleet || !is_fleet(mapping))
        });
        unused.collect()
    }

    /// The tree of files of other trees, which reports call `name` (its files keep their names). Equal compositions of
    /// one name are the same tree.
    pub fn compose(&self, name: &str, mut members: Vec<Member>) -> Arc<Tree> {
        members.sort_by(|left, right| left.path.cmp(&right.path));
        members.dedup_by(|later, earlier| later.path == earlier.path);
        let key: Composition = (name.into(), members.into());
        self.compositions.get_or_make(&key, || Arc::new(composed::tree(&self.files, Arc::clone(&key.0), &key.1)))
    }

    /// A tree of one file that was made of others, under the name of one of these. Equal files are the same tree.
    pub fn written(&self, repository: &Arc<str>, path: &str, text: String) -> Arc<Tree> {
        let key = (Arc::clone(repository), path.to_owned(), text);
        self.written.get_or_make(&key, || {
            let (paths, content) = (vec![path.to_owned()], Content::Memory(vec![key.2.clone().into_bytes()]));
            let snapshot = Snapshot::new(Arc::clone(&self.files), Arc::clone(repository), None, paths, content);
            Arc::new(Tree::listed(snapshot))
        })
    }
}

/// Whether an argument can be used: its path is a folder, a repository if it names a revision, and holds that revision.
///
/// # Errors
/// As [`Sources::new`].
pub fn check_argument(argument: &SourceArgument) -> Result<(), OpenError> {
    Mapping::default().add(&Arc::default(), argument)
}
