//! The files of a tree, by path.

pub(super) type Files = std::collections::BTreeMap<String, String>;
