//! What groups of candidates share that are the same for different clusters.

use std::collections::{BTreeMap, BTreeSet};

use super::join::Group;

/// The folders that several groups have as roots: sources for all of them.
pub(super) fn shared_roots(groups: &[Group]) -> BTreeSet<String> {
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    groups.iter().flat_map(|group| &group.roots).for_each(|root| *counts.entry(root).or_default() += 1);
    counts.into_iter().filter(|(_, count)| *count > 1).map(|(root, _)| root.clone()).collect()
}

/// What peers share: their parent folder, or the depth below one folder. Of several roots, the paths without what names
/// the cluster. What the groups share tells none of them apart.
pub(super) fn shape(group: &Group, shared: &BTreeSet<String>) -> String {
    let own: Vec<String> = group.roots.iter().filter(|root| !shared.contains(*root)).cloned().collect();
    match own.as_slice() {
        [only] => {
            let (top, depth) = (only.split('/').next().unwrap_or_default(), only.split('/').count());
            if depth == 1 { "*".to_owned() } else { format!("{top}{}", "/*".repeat(depth - 1)) }
        }
        many => {
            let shared = shared_segments(many);
            let without = |path: &String| {
                let segments = path.split('/').map(|it| if shared.contains(it) { "*" } else { it });
                segments.collect::<Vec<_>>().join("/")
            };
            many.iter().map(without).collect::<Vec<_>>().join(" ")
        }
    }
}

fn shared_segments(paths: &[String]) -> BTreeSet<&str> {
    let sets = paths.iter().map(|path| path.split('/').collect::<BTreeSet<&str>>());
    sets.reduce(|left, right| left.intersection(&right).copied().collect()).unwrap_or_default()
}
