//! Git credentials: where they are, what they reach, what they may do.

pub(super) mod account_access_below_token;
pub(super) mod classic_pat_url;
pub(super) mod declared_token_unused;
pub(super) mod dispatch_needs_contents_write;
pub(super) mod pr_comment_needs_pull_requests_write;
pub(super) mod pr_input_needs_pull_requests_read;
pub(super) mod provider_secret_key;
pub(super) mod push_needs_contents_write;
pub(super) mod secret_never_created;
pub(super) mod secret_not_propagated;
pub(super) mod secret_repo_mismatch;
pub(super) mod shared_token_across_tenants;
pub(super) mod status_provider_needs_statuses_write;
pub(super) mod tenant_readable_push_token;
pub(super) mod unused_permission;
pub(super) mod workflow_token_scope;
pub(super) mod write_credential_on_readonly_cluster;
