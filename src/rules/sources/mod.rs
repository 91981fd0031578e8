//! Where the files of sources come from.

pub(super) mod cloud_registry_without_provider;
pub(super) mod digest_in_tag;
pub(super) mod duplicate_source_different_ref;
pub(super) mod floating_version;
pub(super) mod helmrepository_oci;
pub(super) mod insecure_transport;
pub(super) mod missing_url;
pub(super) mod reference_not_found;
pub(super) mod source_not_found;
pub(crate) mod unmatched_mapping;
