//! How clusters are installed, and whether they stay alike.

pub(super) mod component_missing;
pub(super) mod instance_patch_matches_nothing;
pub(super) mod network_policy_disabled;
pub(super) mod redundant_lockdown_patch;
pub(super) mod unbounded_distribution;
pub(super) mod unused_component;
