//! The folders that paths mean.

/// The folder that a path means.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Target {
    /// The folder from which the path counts; empty for the root of the repository.
    pub base: String,
    /// The folder itself, from the root of the repository.
    pub folder: String,
}
