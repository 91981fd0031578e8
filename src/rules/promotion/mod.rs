//! Changes flow from staging to production only, and nothing on the way is lost.

pub(super) mod base_head_mismatch;
pub(super) mod env_overlay_asymmetry;
pub(super) mod pr_created_with_github_token;
pub(super) mod production_ahead;
pub(super) mod workflow_swallows_errors;
