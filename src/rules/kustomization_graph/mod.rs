//! What hangs on what: paths, dependencies.

pub(super) mod depends_on_cycle;
pub(super) mod depends_on_missing;
pub(super) mod namespace_not_specified;
pub(super) mod path_leaves_source;
pub(super) mod path_not_found;
