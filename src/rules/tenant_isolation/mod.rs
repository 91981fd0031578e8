//! Tenants act as themselves, in their own namespaces.

pub(super) mod cluster_admin_tenant;
pub(super) mod cluster_scoped_in_tenant;
pub(super) mod cross_namespace_ref;
pub(super) mod cross_tenant_depends_on;
pub(super) mod default_sa_privileged;
pub(super) mod foreign_namespace_object;
pub(super) mod lockdown_disabled;
pub(super) mod missing_service_account;
pub(super) mod namespace_missing_tenant_label;
pub(super) mod own_namespace_object_changed;
pub(super) mod platform_missing_service_account;
pub(super) mod privileged_controller_sa;
pub(super) mod service_account_not_found;
pub(super) mod tenant_grants_foreign_subject;
