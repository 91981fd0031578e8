//! Fields that kustomize makes out of one node.
//!
//! Where a label or annotation transformer *creates* a key in several fields of an object, kustomize puts the same node
//! into all of them: a strategic-merge patch or another transformer that later changes one changes all. A JSON patch
//! writes the object again and so parts them. (Seen with 5.8.1: `commonLabels` in a base, a patch of the template's label
//! in the overlay, and the selector follows.)

use smol_str::SmolStr;

use fleetlint_yaml::{Node, SharedVec, Value};

/// A step into a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Key(SmolStr),
    Index(usize),
}

/// Fields that hold one and the same scalar.
#[derive(Clone, Debug)]
pub(super) struct AliasedFields {
    /// Mostly the same as those of the objects around.
    paths: SharedVec<Vec<Step>>,
    last: Node,
}

impl AliasedFields {
    /// The fields at these paths, which hold `value`; `None` if it is one field only.
    pub(super) fn new(paths: SharedVec<Vec<Step>>, value: Node) -> Option<Self> {
        (paths.len() > 1).then_some(Self { paths, last: value })
    }

    /// Leaves the object's annotations out.
    pub(super) fn part_annotations(&mut self) {
        let is = |step: Option<&Step>, name: &str| matches!(step, Some(Step::Key(key)) if key == name);
        self.keep(|path| !(is(path.first(), "metadata") && is(path.get(1), "annotations")));
    }

    /// Makes all fields follow the one that changed, the last one in the order of the document; forgets those that are gone.
    pub(super) fn settle(&mut self, root: &mut Node) {
        self.keep(|path| find(root, path).is_some_and(|node| matches!(node.value, Value::Scalar(_))));
        let changed =
            self.paths.iter().rev().filter_map(|path| find(root, path)).find(|node| !is_same(node, &self.last));
        let Some(changed) = changed.cloned() else { return };
        for path in &self.paths {
            if let Some(node) = find_mut(root, path) {
                *node = changed.clone();
            }
        }
        self.last = changed;
    }

    /// Forgets fields; copies the paths only if there is one to forget.
    fn keep(&mut self, stays: impl Fn(&[Step]) -> bool) {
        if !self.paths.iter().all(|path| stays(path)) {
            self.paths.retain(|path| stays(path));
        }
    }
}

fn is_same(left: &Node, right: &Node) -> bool {
    left.value == right.value && left.tag == right.tag
}

fn find<'a>(root: &'a Node, path: &[Step]) -> Option<&'a Node> {
    path.iter().try_fold(root, |node, step| match step {
        Step::Key(key) => node.get(key),
        Step::Index(index) => node.as_sequence()?.get(*index),
    })
}

fn find_mut<'a>(root: &'a mut Node, path: &[Step]) -> Option<&'a mut Node> {
    path.iter().try_fold(root, |node, step| match step {
        Step::Key(key) => node.get_mut(key),
        Step::Index(index) => node.as_sequence_mut()?.get_mut(*index),
    })
}
