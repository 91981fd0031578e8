//! The variables in a tree.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use crate::yaml::Node;

/// The names in `${NAME}`; those with a default, `${NAME:=x}`, are left out, and so are escaped ones.
pub(super) fn variables_in(node: &Node) -> BTreeSet<SmolStr> {
    let mut found = BTreeSet::new();
    for text in node.scalars().filter_map(Node::text) {
        let parts: Vec<&str> = text.split("${").collect();
        for (before, after) in parts.iter().zip(parts.iter().skip(1)) {
            let Some((name, _)) = after.split_once('}').filter(|_| !before.ends_with('$')) else { continue };
            if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
                found.insert(name.into());
            }
        }
    }
    found
}
