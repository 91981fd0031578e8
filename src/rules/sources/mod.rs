//! Where the files of sources come from.

pub(crate) mod unmatched_mapping;
