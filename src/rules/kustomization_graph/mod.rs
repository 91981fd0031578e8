//! What hangs on what: paths, dependencies.

pub(super) mod artifact_blocked;
pub(super) mod bootstrap_deadlock;
pub(super) mod contested_field;
pub(super) mod depends_on_cycle;
pub(super) mod depends_on_missing;
pub(super) mod depends_on_without_wait;
pub(super) mod duplicate_object;
pub(super) mod helm_timeout_exceeds;
pub(super) mod missing_dependency;
pub(super) mod namespace_missing;
pub(super) mod namespace_not_specified;
pub(super) mod no_timeout_long_interval;
pub(super) mod overlapping_path;
pub(super) mod patch_target_matches_nothing;
pub(super) mod path_leaves_source;
pub(super) mod path_not_found;
pub(super) mod prune_disabled;
pub(super) mod renamed_namespace;
pub(super) mod stale_substitution;
pub(super) mod suspended;
pub(super) mod timeout_chain;
