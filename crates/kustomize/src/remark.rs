//! What a build does without a word and that is probably not meant.

use fleetlint_yaml::{Move, Node};

/// Something that a build does, and that nothing refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// The `target` of a patch gives a name, and selects nothing.
    UnmatchedTarget {
        target: Node,
        /// A name that is there and is spelled almost the same, of an object that the target selects otherwise.
        near: Option<Node>,
    },
    /// A `namespace` that renames a Namespace object.
    RenamedNamespace {
        /// The name that the object had.
        name: Node,
        /// The namespace that it is named after.
        namespace: Node,
    },
}

impl Remark {
    /// The same, with all places in the files that take the place of theirs.
    #[must_use]
    pub fn moved(&self, to: Move<'_>) -> Self {
        match self {
            Self::UnmatchedTarget { target, near } => {
                Self::UnmatchedTarget { target: target.moved(to), near: near.as_ref().map(|near| near.moved(to)) }
            }
            Self::RenamedNamespace { name, namespace } => {
                Self::RenamedNamespace { name: name.moved(to), namespace: namespace.moved(to) }
            }
        }
    }
}
