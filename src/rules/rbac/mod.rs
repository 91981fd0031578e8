//! Roles and bindings that give too much, or nothing.

pub(super) mod binding_to_missing_role;
pub(super) mod cluster_secrets_read;
pub(super) mod clusterrolebinding_subject_namespace;
pub(super) mod escalation_verb;
pub(super) mod subject_not_found;
pub(super) mod system_group_binding;
pub(super) mod wildcard_rule;
