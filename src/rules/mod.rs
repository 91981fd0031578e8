//! All rules, one line each, in the order of the catalogue.

mod branch_mapping;
mod build;
mod fleet_structure;
mod image_automation;
mod kustomization_graph;
mod pat_permissions;
mod promotion;
mod rbac;
mod runtime_info;
mod schema;
mod secrets;
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
    &branch_mapping::clusters_of_environment_disagree::RULE,
    &branch_mapping::sync_ref_format::RULE,
    &branch_mapping::missing_ref::RULE,
    &branch_mapping::automation_branch_mismatch::RULE,
    &runtime_info::missing_configmap::RULE,
    &runtime_info::missing_key::RULE,
    &runtime_info::substitute_from_missing::RULE,
    &runtime_info::environment_overlay_missing::RULE,
    &runtime_info::duplicate_cluster_name::RULE,
    &runtime_info::key_set_drift::RULE,
    &runtime_info::missing_runtime_label::RULE,
    &runtime_info::ssa_merge_missing::RULE,
    &runtime_info::kustomization_without_substitution::RULE,
    &runtime_info::foreign_dollar_brace::RULE,
    &runtime_info::unused_key::RULE,
    &pat_permissions::secret_repo_mismatch::RULE,
    &pat_permissions::push_needs_contents_write::RULE,
    &pat_permissions::declared_token_unused::RULE,
    &pat_permissions::shared_token_across_tenants::RULE,
    &pat_permissions::account_access_below_token::RULE,
    &pat_permissions::unused_permission::RULE,
    &pat_permissions::write_credential_on_readonly_cluster::RULE,
    &pat_permissions::tenant_readable_push_token::RULE,
    &pat_permissions::status_provider_needs_statuses_write::RULE,
    &pat_permissions::dispatch_needs_contents_write::RULE,
    &pat_permissions::pr_comment_needs_pull_requests_write::RULE,
    &pat_permissions::pr_input_needs_pull_requests_read::RULE,
    &pat_permissions::provider_secret_key::RULE,
    &pat_permissions::secret_never_created::RULE,
    &pat_permissions::secret_not_propagated::RULE,
    &pat_permissions::workflow_token_scope::RULE,
    &pat_permissions::classic_pat_url::RULE,
    &kustomization_graph::path_not_found::RULE,
    &kustomization_graph::path_leaves_source::RULE,
    &kustomization_graph::depends_on_missing::RULE,
    &kustomization_graph::depends_on_cycle::RULE,
    &kustomization_graph::namespace_not_specified::RULE,
    &kustomization_graph::depends_on_without_wait::RULE,
    &kustomization_graph::duplicate_object::RULE,
    &kustomization_graph::overlapping_path::RULE,
    &kustomization_graph::prune_disabled::RULE,
    &kustomization_graph::suspended::RULE,
    &kustomization_graph::namespace_missing::RULE,
    &kustomization_graph::renamed_namespace::RULE,
    &kustomization_graph::patch_target_matches_nothing::RULE,
    &kustomization_graph::missing_dependency::RULE,
    &kustomization_graph::stale_substitution::RULE,
    &kustomization_graph::artifact_blocked::RULE,
    &kustomization_graph::contested_field::RULE,
    &kustomization_graph::timeout_chain::RULE,
    &kustomization_graph::no_timeout_long_interval::RULE,
    &kustomization_graph::helm_timeout_exceeds::RULE,
    &kustomization_graph::bootstrap_deadlock::RULE,
    &sources::unmatched_mapping::RULE,
    &sources::insecure_transport::RULE,
    &sources::missing_url::RULE,
    &sources::source_not_found::RULE,
    &sources::reference_not_found::RULE,
    &sources::digest_in_tag::RULE,
    &sources::floating_version::RULE,
    &sources::duplicate_source_different_ref::RULE,
    &sources::helmrepository_oci::RULE,
    &sources::cloud_registry_without_provider::RULE,
    &fleet_structure::component_missing::RULE,
    &fleet_structure::unused_component::RULE,
    &fleet_structure::unbounded_distribution::RULE,
    &fleet_structure::network_policy_disabled::RULE,
    &fleet_structure::redundant_lockdown_patch::RULE,
    &fleet_structure::instance_patch_matches_nothing::RULE,
    &secrets::plaintext_secret::RULE,
    &secrets::plaintext_generator::RULE,
    &secrets::plaintext_credential_in_values::RULE,
    &secrets::decryption_missing::RULE,
    &secrets::clone_selector_too_wide::RULE,
    &secrets::clone_label_unreachable::RULE,
    &suppression::unused::RULE,
    &image_automation::automation_on_production::RULE,
    &image_automation::missing_role_label::RULE,
    &image_automation::dangling_marker::RULE,
    &image_automation::policy_without_marker::RULE,
    &image_automation::missing_update_path::RULE,
    &image_automation::unbounded_policy::RULE,
    &image_automation::repository_mismatch::RULE,
    &image_automation::removed_template_field::RULE,
    &image_automation::push_branch_is_promotion_target::RULE,
    &image_automation::unfiltered_tags::RULE,
    &image_automation::push_without_review::RULE,
    &promotion::env_overlay_asymmetry::RULE,
    &promotion::production_ahead::RULE,
    &promotion::workflow_swallows_errors::RULE,
    &promotion::pr_created_with_github_token::RULE,
    &promotion::base_head_mismatch::RULE,
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
pub const OPTIONS: &[(&Rule, &[RuleOption])] = &[
    (&sources::insecure_transport::RULE, &[sources::insecure_transport::ALLOWED_HOSTS]),
    (
        &branch_mapping::automation_branch_mismatch::RULE,
        &[branch_mapping::automation_branch_mismatch::ALLOW_PULL_REQUEST_BRANCH],
    ),
];

/// The options of a rule.
pub fn options(id: &str) -> &'static [RuleOption] {
    OPTIONS.iter().find(|(rule, _)| rule.id == id).map_or(&[], |(_, options)| options)
}

/// All rules as the configuration can name them.
pub fn known() -> Vec<KnownRule<'static>> {
    let known = |rule: &&'static Rule| KnownRule { id: rule.id, summary: rule.summary, options: options(rule.id) };
    RULES.iter().map(known).collect()
}
