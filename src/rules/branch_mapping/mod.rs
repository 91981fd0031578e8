//! Each environment reads the branch that belongs to it.

pub(super) mod automation_branch_mismatch;
pub(super) mod branch_does_not_exist;
pub(super) mod clusters_of_environment_disagree;
pub(super) mod environment_branch_mismatch;
pub(super) mod fleet_sync_ref;
pub(super) mod hardcoded_branch;
pub(super) mod missing_ref;
pub(super) mod sync_ref_format;
