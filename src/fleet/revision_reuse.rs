//! Builds of one revision of a repository that another revision can take over: each file that was read is the same there.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::flux::build::FluxBuild;
use crate::source::{Content, File, FileId, FileTree, Reads, Recorder, Tree};
use crate::yaml::Node;

/// A build, what decided it besides files, and which files it read.
struct Recorded {
    injected: Vec<Option<Node>>,
    replaces_images: bool,
    reads: Reads,
    build: Arc<FluxBuild>,
}

/// A folder: the repository, and the path.
type Folder = (Arc<str>, String);

/// The builds of a folder. Who builds it holds it, so that clusters that read other revisions wait for what they can take
/// over: no build asks for another one.
type Builds = Mutex<Vec<Recorded>>;

/// The builds of all revisions, by repository and folder.
#[derive(Default)]
pub(super) struct RevisionReuse {
    /// Clusters read the working tree and other revisions of it.
    has_several: AtomicBool,
    recorded: Mutex<HashMap<Folder, Arc<Builds>>>,
}

/// What decides a build besides the files: the fields that go into it, and how images are merged.
pub(super) type Injected<'a> = (&'a [Option<Node>], bool);

impl RevisionReuse {
    /// Tells that clusters read several revisions of their repository.
    pub(super) fn expect_several(&self) {
        self.has_several.store(true, Ordering::Relaxed);
    }

    /// The build of a folder: that of another revision if it comes to the same, else a new one.
    pub(super) fn build(
        &self,
        tree: &Tree,
        path: &str,
        injected: Injected<'_>,
        make: impl FnOnce(&dyn FileTree) -> FluxBuild,
    ) -> Arc<FluxBuild> {
        // Noting what is read costs something: only where another revision may ask for it.
        if tree.revision.is_none() && !self.has_several.load(Ordering::Relaxed) {
            return Arc::new(make(tree));
        }
        let builds = self.of_folder(tree, path);
        let mut builds = builds.lock().unwrap_or_else(PoisonError::into_inner);
        let (injected, replaces_images) = injected;
        let is_same = |it: &&Recorded| it.injected == injected && it.replaces_images == replaces_images;
        if let Some(build) = builds.iter().filter(is_same).find_map(|recorded| recorded.in_tree(tree)) {
            return build;
        }
        let recorder = Recorder::of(tree);
        let build = Arc::new(make(&recorder));
        let (injected, reads, made) = (injected.to_vec(), recorder.reads(), Arc::clone(&build));
        builds.push(Recorded { injected, replaces_images, reads, build: made });
        build
    }

    fn of_folder(&self, tree: &Tree, path: &str) -> Arc<Builds> {
        let mut recorded = self.recorded.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(recorded.entry((Arc::clone(&tree.repository), path.to_owned())).or_default())
    }
}

impl Recorded {
    /// The build as another tree gives it, if each answer is the same there.
    fn in_tree(&self, tree: &Tree) -> Option<Arc<FluxBuild>> {
        let files = self.reads.in_tree(tree)?;
        // Trees that differ in what they leave out read the same files.
        if files.values().all(|(before, now)| before.id == now.id) {
            return Some(Arc::clone(&self.build));
        }
        files.values().for_each(|(before, now)| carry_notes(before, now));
        let to = |file: FileId| files.get(&file).map_or(file, |(_, now)| now.id);
        Some(Arc::new(self.build.moved(&to)))
    }
}

/// What a build found out about a file holds for the one with the same bytes.
fn carry_notes(before: &File, now: &File) {
    for content in [Content::Secret, Content::PatchOfSecret] {
        if before.is_noted(content) {
            now.note(content);
        }
    }
}
