//! Tenants act as themselves, in their own namespaces.

pub(super) mod cluster_admin_tenant;
pub(super) mod cross_namespace_ref;
pub(super) mod lockdown_disabled;
pub(super) mod missing_service_account;
pub(super) mod namespace_missing_tenant_label;
pub(super) mod platform_missing_service_account;
pub(super) mod service_account_not_found;
