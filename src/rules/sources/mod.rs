//! Where the files of sources come from.

pub(super) mod insecure_transport;
pub(super) mod missing_url;
pub(super) mod reference_not_found;
pub(super) mod source_not_found;
pub(crate) mod unmatched_mapping;
