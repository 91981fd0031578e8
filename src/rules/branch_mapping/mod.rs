//! Each environment reads the branch that belongs to it.

pub(super) mod branch_does_not_exist;
pub(super) mod environment_branch_mismatch;
pub(super) mod fleet_sync_ref;
pub(super) mod hardcoded_branch;
