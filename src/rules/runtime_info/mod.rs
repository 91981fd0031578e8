//! The variables that each cluster promises.

pub(super) mod duplicate_cluster_name;
pub(super) mod environment_overlay_missing;
pub(super) mod missing_configmap;
pub(super) mod missing_key;
pub(super) mod substitute_from_missing;
