//! What the history of a repository says about two of its branches, and what it cannot say.

/// Two branches, compared. Branches of a clone are those of its remote `origin` where it has them: what somebody has
/// not fetched into a branch of their own is in the repository all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The branch that is compared with.
    pub base: Side,
    /// The branch that is compared.
    pub head: Side,
    /// The ids of the best common ancestors, the newest first; several where branches were merged into each other, none
    /// where they have nothing in common.
    pub merge_bases: Vec<String>,
    /// The files that are not the same on both.
    pub differing: Changes,
    /// The files that `head` has changed since the first of `merge_bases`; all of its files if there is none.
    pub since_merge_base: Changes,
}

/// One of two branches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    pub branch: String,
    /// The id of its last commit.
    pub commit: String,
    /// What it has and the other one lacks.
    pub own: OwnCommits,
}

/// The commits that one branch has and the other one lacks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnCommits {
    pub count: usize,
    /// How many of them merge others.
    pub merges: usize,
    /// The first of them, newest first; at most [`OwnCommits::SHOWN`].
    pub newest: Vec<Commit>,
}

impl OwnCommits {
    /// How many commits are named.
    pub const SHOWN: usize = 20;
}

/// A commit as a message names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    pub id: String,
    /// The first line of its message.
    pub subject: String,
    /// When it was committed, in seconds since 1970.
    pub time: i64,
    pub is_merge: bool,
}

/// Paths of files that differ, in byte order. Links and submodules count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    pub paths: Vec<String>,
    /// There are more than were looked at: a path that is not among them may differ, too.
    pub is_cut: bool,
}

/// Why two branches cannot be compared. Only [`HistoryGap::NoSuchBranch`] proves anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HistoryGap {
    /// The files are no Git repository, or one that is not available.
    NotGit,
    /// The repository has all branches, and not this one.
    NoSuchBranch { branch: String, available: Vec<String> },
    /// The clone lacks the branch, which may exist; the command that fetches it.
    NotInClone { branch: String, fetch: String },
    /// The clone was cut short before what the branches have in common; the command that fetches the rest.
    Shallow { fetch: String },
    /// More commits than are looked at are between the two.
    TooLong { limit: usize },
    /// Its objects or references are damaged.
    Unreadable(String),
}
