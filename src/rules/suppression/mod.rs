//! Comments and exceptions that silence findings.

pub(super) mod unused;
