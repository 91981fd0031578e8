//! Trees made of files of other trees under new paths: what source-watcher composes.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::ignore_rules::IgnoreRules;
use super::tree::{Content, Snapshot};
use super::{Files, Tree};

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
