//! Pods that reach out of their namespace.

pub(super) mod host_namespace;
pub(super) mod privileged_container;
