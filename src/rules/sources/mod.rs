//! Where the files of sources come from.

pub(super) mod insecure_transport;
pub(crate) mod unmatched_mapping;
