//! The rules, one file each in the folder of its family.

use crate::rule::Rule;

/// Every rule there is, by family.
pub const RULES: &[&Rule] = &[];
