//! Objects that the API server does not take as they are written.

pub(super) mod unknown_kind;
