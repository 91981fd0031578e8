//! One file per command; the only code that prints.

pub mod explain;
pub mod rules;
