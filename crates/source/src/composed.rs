//! Trees made of files of other trees: what source-watcher composes under new paths, and a tree of which some files have
//! changed.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::ignore_rules::IgnoreRules;
use super::tree::{Content, Snapshot};
use super::{Files, Tree, path};

/// A file of a composed tree. Reports name it by its place in the tree that it comes from.
#[derive(Clone, Debug)]
pub struct Member {
    /// The path in the composed tree.
    pub path: String,
    pub tree: Arc<Tree>,
    /// The path in `tree`.
    pub source: String,
}

impl PartialEq for Member {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.tree, &other.tree) && self.path == other.path && self.source == other.source
    }
}

impl Eq for Member {}

impl Hash for Member {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.tree).hash(state);
        self.path.hash(state);
        self.source.hash(state);
    }
}

/// The tree of some members, which are in byte order of their paths. The archive leaves out what artifacts leave out by
/// default; `.sourceignore` files among the members have no say in it.
pub(super) fn tree(files: &Arc<Files>, name: Arc<str>, members: &[Member]) -> Tree {
    let rules = IgnoreRules::new([], "");
    let kept = members.iter().filter(|member| !rules.exclude(&member.path));
    let (paths, sources) =
        kept.map(|member| (member.path.clone(), (Arc::clone(&member.tree), member.source.clone()))).unzip();
    Tree::listed(Snapshot::new(Arc::clone(files), name, None, paths, Content::Composed(sources)))
}

/// A tree with other contents at some paths; those without contents are left out. Paths that lead out of it are ignored.
pub(super) fn changed(files: &Arc<Files>, tree: &Arc<Tree>, changes: &[(String, Option<Vec<u8>>)]) -> Tree {
    let inside = changes.iter().filter_map(|(path, contents)| Some((path::clean(path)?, contents)));
    let changes: BTreeMap<String, &Option<Vec<u8>>> = inside.filter(|(path, _)| !path.is_empty()).collect();
    let new = changes.iter().filter_map(|(path, contents)| Some((path.clone(), contents.as_ref()?.clone())));
    let new = Arc::new(Tree::of_files(Arc::clone(files), Arc::clone(&tree.repository), new.collect()));
    let kept = tree.files().into_iter().filter(|path| !changes.contains_key(path));
    let kept = kept.map(|path| (path, Arc::clone(tree)));
    let members: BTreeMap<String, Arc<Tree>> =
        kept.chain(new.files().into_iter().map(|path| (path, Arc::clone(&new)))).collect();
    let (paths, sources) = members.into_iter().map(|(path, tree)| (path.clone(), (tree, path))).unzip();
    let (name, revision) = (Arc::clone(&tree.repository), tree.revision.clone());
    let snapshot = Snapshot::new(Arc::clone(files), name, revision, paths, Content::Composed(sources));
    Tree::listed(snapshot.with_odd_names(tree.odd_names().iter().map(|file| file.path.clone()).collect()))
}
