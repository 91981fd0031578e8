//! The variables that each cluster promises.

pub(super) mod duplicate_cluster_name;
pub(super) mod environment_overlay_missing;
pub(super) mod foreign_dollar_brace;
pub(super) mod key_set_drift;
pub(super) mod kustomization_without_substitution;
pub(super) mod missing_configmap;
pub(super) mod missing_key;
pub(super) mod missing_runtime_label;
pub(super) mod ssa_merge_missing;
pub(super) mod substitute_from_missing;
pub(super) mod unused_key;
