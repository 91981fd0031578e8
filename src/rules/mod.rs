//! All rules, one line each, in the order of the catalogue.

mod branch_mapping;
mod build;
mod kustomization_graph;
mod pat_permissions;
mod rbac;
mod runtime_info;
mod schema;
mod sources;
mod suppression;
mod tenant_isolation;
mod workload;

use crate::config::{KnownRule, RuleOption};
use crate::rule::Rule;

/// The registry: adding a rule is a page, a file and a line here.
pub const RULES: &[&Rule] = &[
    &build::YAML_SYNTAX,
    &build::KUSTOMIZE_FAILED,
    &build::SUBSTITUTION_FAILED,
    &build::INVALID_OBJECT,
    &build::UNREADABLE_NAME,
    &tenant_isolation::missing_service_account::RULE,
    &tenant_isolation::platform_missing_service_account::RULE,
    &tenant_isolation::service_account_not_found::RULE,
    &tenant_isolation::cluster_admin_tenant::RULE,
    &tenant_isolation::cross_namespace_ref::RULE,
    &tenant_isolation::lockdown_disabled::RULE,
    &tenant_isolation::namespace_missing_tenant_label::RULE,
    &tenant_isolation::foreign_namespace_object::RULE,
    &tenant_isolation::cluster_scoped_in_tenant::RULE,
    &tenant_isolation::own_namespace_object_changed::RULE,
    &tenant_isolation::privileged_controller_sa::RULE,
    &tenant_isolation::default_sa_privileged::RULE,
    &tenant_isolation::tenant_grants_foreign_subject::RULE,
    &tenant_isolation::cross_tenant_depends_on::RULE,
    &tenant_isolation::artifact_generator_foreign_namespace::RULE,
    &tenant_isolation::managed_namespaces_too_wide::RULE,
    &tenant_isolation::operator_lockdown_missing::RULE,
    &tenant_isolation::tenant_label_mismatch::RULE,
    &tenant_isolation::input_provider_cross_namespace::RULE,
    &rbac::binding_to_missing_role::RULE,
    &rbac::subject_not_found::RULE,
    &rbac::clusterrolebinding_subject_namespace::RULE,
    &rbac::system_group_binding::RULE,
    &rbac::wildcard_rule::RULE,
    &rbac::escalation_verb::RULE,
    &rbac::cluster_secrets_read::RULE,
    &workload::privileged_container::RULE,
    &workload::host_namespace::RULE,
    &branch_mapping::branch_does_not_exist::RULE,
    &branch_mapping::hardcoded_branch::RULE,
    &branch_mapping::environment_branch_mismatch::RULE,
    &branch_mapping::fleet_sync_ref::RULE,
    &runtime_info::missing_configmap::RULE,
    &runtime_info::missing_key::RULE,
    &runtime_info::substitute_from_missing::RULE,
    &runtime_info::environment_overlay_missing::RULE,
    &runtime_info::duplicate_cluster_name::RULE,
    &pat_permissions::secret_repo_mismatch::RULE,
    &pat_permissions::push_needs_contents_write::RULE,
    &pat_permissions::secret_not_propagated::RULE,
    &pat_permissions::classic_pat_url::RULE,
    &kustomization_graph::path_not_found::RULE,
    &kustomization_graph::path_leaves_source::RULE,
    &kustomization_graph::depends_on_missing::RULE,
    &kustomization_graph::depends_on_cycle::RULE,
    &kustomization_graph::namespace_not_specified::RULE,
    &sources::unmatched_mapping::RULE,
    &sources::insecure_transport::RULE,
    &sources::missing_url::RULE,
    &sources::source_not_found::RULE,
    &sources::reference_not_found::RULE,
    &suppression::unused::RULE,
    &schema::removed_api_version::RULE,
    &schema::deprecated_api_version::RULE,
    &schema::unknown_field::RULE,
    &schema::missing_required_field::RULE,
    &schema::invalid_duration::RULE,
    &schema::exclusive_fields::RULE,
    &schema::field_unknown_to_installed_flux::RULE,
    &schema::wrong_type::RULE,
    &schema::invalid_value::RULE,
    &schema::rule_violation::RULE,
    &schema::duplicate_list_key::RULE,
    &schema::unknown_kind::RULE,
    &schema::missing_separator::RULE,
    &schema::invalid_custom_resource::RULE,
];

/// The rule of an id.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

/// The ids of all rules, in the order of the registry.
pub fn ids() -> Vec<&'static str> {
    RULES.iter().map(|rule| rule.id).collect()
}

/// The ids of all rules and the names of their families: what options and configurations may name.
pub fn names() -> Vec<&'static str> {
    let mut families: Vec<&str> = ids().into_iter().filter_map(|id| Some(id.split_once('/')?.0)).collect();
    families.dedup();
    [ids(), families].concat()
}

/// The options of the rules that have some.
pub const OPTIONS: &[(&Rule, &[RuleOption])] =
    &[(&sources::insecure_transport::RULE, &[sources::insecure_transport::ALLOWED_HOSTS])];

/// The options of a rule.
pub fn options(id: &str) -> &'static [RuleOption] {
    OPTIONS.iter().find(|(rule, _)| rule.id == id).map_or(&[], |(_, options)| options)
}

/// All rules as the configuration can name them.
pub fn known() -> Vec<KnownRule<'static>> {
    let known = |rule: &&'static Rule| KnownRule { id: rule.id, summary: rule.summary, options: options(rule.id) };
    RULES.iter().map(known).collect()
}
