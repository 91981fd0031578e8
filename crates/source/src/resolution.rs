//! What a question for the files of a source leads to.

use std::sync::Arc;

use super::Tree;

/// What a source of the fleet is on this machine.
#[derive(Clone, Debug)]
pub enum Resolution {
    Tree(Arc<Tree>),
    /// No `--source` names its URL.
    NotGiven,
    /// Its URL is given, but only for other branches: these, in the order in which they are given.
    NotForBranch {
        given: Vec<String>,
    },
    /// The repository lacks the branch, tag or commit; it has these branches, then these tags, each sorted.
    NoSuchReference {
        available: Vec<String>,
    },
    /// The clone on this machine lacks it, and proves nothing: it holds a part of the repository only.
    NotInClone {
        /// The command line that fetches it.
        fetch: String,
    },
    /// It cannot be read, and why.
    Failed(String),
}
