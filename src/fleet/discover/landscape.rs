//! The repository as discovery sees it: its Flux objects, its kustomization folders, what folders build, which paths exist.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

use super::address::{Addresses, SourceFact};
use super::folder_build::{FolderBuild, span_of};
use super::listing::Listing;
use super::paths::{has_variable, is_inactive};
use super::reads::{Reads, ignored_by};
use super::seeds::plain_kustomization;
use super::source_facts::SourceFacts;
use super::target::Target;
use super::text::Mentions;
use super::web::Web;
use crate::fleet::builds::{Builds, Built};
use crate::fleet::installers::Unread;
use crate::fleet::manifests::{Manifest, Manifests};
use crate::flux::api::Kustomization;
use crate::flux::release::Features;
use crate::kustomize::Reader;
use crate::object::Object;
use crate::source::path::parent;
use crate::source::{File, FileId, Tree};
use crate::yaml::Documents;

/// Everything that the rules of discovery ask about.
pub(in crate::fleet) struct Landscape<'a> {
    /// The working tree, with what artifacts leave out.
    pub tree: &'a Arc<Tree>,
    pub documents: &'a Documents,
    /// The Flux objects in files.
    pub manifests: &'a [Manifest],
    /// What may install Flux and cannot be read.
    pub unread: Vec<Unread>,
    pub(super) listing: Listing,
    /// All sources that files define, and those of declared roots.
    pub(super) sources: SourceFacts,
    pub addresses: Addresses,
    pub(in crate::fleet) artifact: Arc<Tree>,
    builds: &'a Builds<'a>,
    files: HashMap<FileId, &'a str>,
    /// By the address of the build, which the run keeps.
    seen: Mutex<HashMap<usize, Arc<FolderBuild>>>,
    /// By folder: what [`Landscape::build`] has answered.
    plain: Mutex<HashMap<String, Arc<FolderBuild>>>,
    /// The folders that fit a path with variables.
    pub(super) fitting: Mutex<HashMap<String, Arc<[String]>>>,
    web: Mutex<Web>,
    /// By file or folder: whether it may hold Kustomizations.
    holding: Mutex<HashMap<String, bool>>,
    pub(super) asked: Asked,
}

/// What is read when it is first asked for.
#[derive(Default)]
pub(super) struct Asked {
    mentions: OnceLock<Mentions>,
    folders: OnceLock<BTreeSet<String>>,
    /// The YAML files by their ids.
    files: OnceLock<HashMap<FileId, Arc<File>>>,
    /// The paths of all Kustomizations in files.
    pub(super) paths: OnceLock<BTreeSet<String>>,
    /// All files of the artifact, sorted.
    all: OnceLock<Vec<String>>,
}

impl<'a> Landscape<'a> {
    /// Reads the kustomization files of a repository; addresses are not known yet.
    pub(in crate::fleet) fn read(tree: &'a Arc<Tree>, builds: &'a Builds<'a>, all: &'a Manifests) -> Self {
        let manifests = &all.flux[..];
        let documents = builds.documents();
        let artifact = tree.artifact(None);
        let listing = Listing::read(Reader { tree: &*artifact, documents }, &artifact.files());
        let files = manifests.iter().filter_map(|it| Some((span_of(&it.object)?.file, it.path.as_str()))).collect();
        let sources = manifests.iter().filter_map(|it| SourceFact::read(&it.object)).collect();
        // A patch is only a part of an object.
        let counts = |it: &&Unread| !listing.is_patch(&it.path) && !is_inactive(&it.path);
        let unread = all.unread.iter().filter(counts).cloned().collect();
        Self {
            tree,
            documents,
            manifests,
            unread,
            listing,
            sources,
            addresses: Addresses::default(),
            artifact,
            builds,
            files,
            seen: Mutex::default(),
            plain: Mutex::default(),
            fitting: Mutex::default(),
            web: Mutex::default(),
            holding: Mutex::default(),
            asked: Asked::default(),
        }
    }

    /// All folders that hold a file, directly or not.
    pub(super) fn folders(&self) -> &BTreeSet<String> {
        self.asked.folders.get_or_init(|| {
            let mut found = BTreeSet::new();
            for file in self.tree.files() {
                let above = std::iter::successors(parent(&file), |folder| parent(folder));
                for folder in above.filter(|folder| !folder.is_empty()) {
                    if !found.insert(folder.to_owned()) {
                        break;
                    }
                }
            }
            found
        })
    }

    /// What texts of the repository say about paths and what applies them (R7).
    pub(super) fn mentions(&self) -> &Mentions {
        self.asked.mentions.get_or_init(|| Mentions::read(self.tree))
    }

    /// A YAML file of the repository by its id.
    pub(super) fn file_with(&self, id: FileId) -> Option<Arc<File>> {
        let files = self.asked.files.get_or_init(|| {
            // These are read in any case.
            let is_yaml = |path: &String| path.ends_with(".yaml") || path.ends_with(".yml");
            let files = self.tree.files().into_iter().filter(is_yaml).filter_map(|path| self.tree.file(&path).ok());
            files.map(|file| (file.id, file)).collect()
        });
        files.get(&id).map(Arc::clone)
    }

    /// The files of the artifact below a folder.
    pub(super) fn files_below(&self, folder: &str) -> &[String] {
        let all = self.asked.all.get_or_init(|| self.artifact.files());
        if folder.is_empty() {
            return all;
        }
        // `0` follows `/`: what starts with `folder/` is between the two.
        let before = |bound: String| all.partition_point(|file| *file < bound);
        all.get(before(format!("{folder}/"))..before(format!("{folder}0"))).unwrap_or_default()
    }

    pub(super) fn known_to_hold(&self, path: &str) -> Option<bool> {
        locked(&self.holding).get(path).copied()
    }

    pub(super) fn remember_to_hold(&self, path: &str, may_hold: bool) -> bool {
        locked(&self.holding).insert(path.to_owned(), may_hold);
        may_hold
    }

    /// What builds apply next. Only asked for when addresses are known.
    pub(super) fn web(&self) -> MutexGuard<'_, Web> {
        locked(&self.web)
    }

    /// What reads files of the repository.
    pub(in crate::fleet) fn reader(&self) -> Reader<'_> {
        Reader { tree: &*self.artifact, documents: self.documents }
    }

    /// The Kustomizations in files, each with its file.
    pub(super) fn kustomizations(&self) -> impl Iterator<Item = (&'a Manifest, Kustomization<'a>)> {
        self.manifests.iter().filter_map(|manifest| Some((manifest, Kustomization::of(&manifest.object)?)))
    }

    /// The Flux objects in a file.
    pub(super) fn objects_in(&self, file: &str) -> impl Iterator<Item = &'a Arc<Object>> {
        // Manifests are in the order of their files.
        let first = self.manifests.partition_point(|manifest| manifest.path.as_str() < file);
        let in_file = self.manifests.iter().skip(first).take_while(move |manifest| manifest.path == file);
        in_file.map(|manifest| &manifest.object)
    }

    /// The file that an object was read from, where it is a Flux object.
    pub(super) fn file_of(&self, object: &Object) -> Option<&'a str> {
        self.files.get(&span_of(object)?.file).copied()
    }

    /// The path of a file that holds Flux objects.
    pub(super) fn path_of(&self, id: FileId) -> Option<&'a str> {
        self.files.get(&id).copied()
    }

    /// What kustomize-controller would build in a folder, nothing added by a Kustomization.
    pub(super) fn build(&self, folder: &str) -> Arc<FolderBuild> {
        if let Some(known) = locked(&self.plain).get(folder) {
            return Arc::clone(known);
        }
        let build = plain_kustomization(folder)
            .map(|root| self.seen(&self.builds.get(&root, &self.artifact, &Features::default())));
        let build = build.unwrap_or_default();
        Arc::clone(locked(&self.plain).entry(folder.to_owned()).or_insert(build))
    }

    fn seen(&self, built: &Arc<Built>) -> Arc<FolderBuild> {
        let key = Arc::as_ptr(built) as usize;
        let known = locked(&self.seen).get(&key).map(Arc::clone);
        known.unwrap_or_else(|| {
            let build = Arc::new(FolderBuild::of(built));
            Arc::clone(locked(&self.seen).entry(key).or_insert(build))
        })
    }

    /// What a Kustomization builds, its own patches and namespace included; `target` is one of its targets, `near` are the
    /// sources beside it.
    pub(super) fn build_of(
        &self,
        kustomization: Kustomization<'_>,
        target: &Target,
        near: &SourceFacts,
    ) -> Arc<FolderBuild> {
        let object = kustomization.object;
        if has_variable(object.str("/spec/path").unwrap_or_default()) {
            return self.build(&target.folder);
        }
        // The same artifact as the check's, so that both share the build.
        let artifact = self.tree.below(&target.base).artifact(ignored_by(kustomization, near, &self.sources));
        self.seen(&self.builds.get(object, &artifact, &Features::default()))
    }

    /// The Kustomizations in files that may read this repository, each with its file. What is in inactive folders is left
    /// out, and so are patches, which are only parts of Kustomizations.
    pub(super) fn own_kustomizations(&self) -> impl Iterator<Item = (&'a Manifest, Kustomization<'a>)> {
        let nothing = FolderBuild::default();
        self.kustomizations().filter(move |(manifest, kustomization)| {
            let is_part = is_inactive(&manifest.path) || self.listing.is_patch(&manifest.path);
            !is_part && self.reads(*kustomization, &nothing) != Reads::Other
        })
    }

    /// What a Kustomization of a build reads.
    pub(super) fn reads(&self, kustomization: Kustomization<'_>, build: &FolderBuild) -> Reads {
        self.addresses.read_by(kustomization, &build.sources, &self.sources)
    }
}

/// What a lock guards; nothing that holds one can leave it half done.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// Whether a Kustomization says what it applies: it has `spec.path` and `spec.sourceRef`.
pub(super) fn is_complete(kustomization: Kustomization<'_>) -> bool {
    kustomization.path().is_some() && kustomization.source_ref().is_some()
}
