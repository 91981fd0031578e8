//! Where the files of sources come from.

pub(super) mod insecure_transport;
pub(super) mod missing_url;
pub(crate) mod unmatched_mapping;
