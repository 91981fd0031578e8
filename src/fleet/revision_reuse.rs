//! Builds of one revision of a repository that another revision can take over: each file that was read is the same there.

use std::collections::HashMap;
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

/// The builds of all revisions, by repository and folder.
#[derive(Default)]
pub(super) struct RevisionReuse {
    recorded: Mutex<HashMap<Folder, Vec<Arc<Recorded>>>>,
}

/// What decides a build besides the files: the fields that go into it, and how images are merged.
pub(super) type Injected<'a> = (&'a [Option<Node>], bool);

impl RevisionReuse {
    /// The build of a folder: that of another revision if it comes to the same, else a new one.
    pub(super) fn build(
        &self,
        tree: &Tree,
        path: &str,
        injected: Injected<'_>,
        make: impl FnOnce(&dyn FileTree) -> FluxBuild,
    ) -> Arc<FluxBuild> {
        if let Some(build) = self.known(tree, path, injected).iter().find_map(|recorded| recorded.in_tree(tree)) {
            return build;
        }
        let recorder = Recorder::of(tree);
        let build = Arc::new(make(&recorder));
        self.add(tree, path, injected, recorder.reads(), &build);
        build
    }

    fn known(&self, tree: &Tree, path: &str, (injected, replaces_images): Injected<'_>) -> Vec<Arc<Recorded>> {
        let recorded = self.recorded.lock().unwrap_or_else(PoisonError::into_inner);
        let known = recorded.get(&(Arc::clone(&tree.repository), path.to_owned()));
        let is_same = |it: &&Arc<Recorded>| it.injected == injected && it.replaces_images == replaces_images;
        known.into_iter().flatten().filter(is_same).cloned().collect()
    }

    fn add(
        &self,
        tree: &Tree,
        path: &str,
        (injected, replaces_images): Injected<'_>,
        reads: Reads,
        build: &Arc<FluxBuild>,
    ) {
        let (injected, build) = (injected.to_vec(), Arc::clone(build));
        let recorded = Arc::new(Recorded { injected, replaces_images, reads, build });
        let mut all = self.recorded.lock().unwrap_or_else(PoisonError::into_inner);
        all.entry((Arc::clone(&tree.repository), path.to_owned())).or_default().push(recorded);
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
