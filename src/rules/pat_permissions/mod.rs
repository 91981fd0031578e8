//! Git credentials: where they are, what they reach, what they may do.

pub(super) mod classic_pat_url;
pub(super) mod push_needs_contents_write;
pub(super) mod secret_not_propagated;
pub(super) mod secret_repo_mismatch;
