//! CustomResourceDefinitions: what they define, and which ones count on a cluster.

use std::collections::btree_map::{BTreeMap, Entry};
use std::sync::Arc;

use smol_str::SmolStr;

use crate::fleet::Cluster;
use crate::flux::kinds;
use crate::object::Object;

/// The definitions of a cluster, by what they define. Where several define a kind in different ways there is `None`: it
/// cannot be told which one the cluster ends up with.
pub(super) fn definitions(cluster: &Cluster) -> BTreeMap<(SmolStr, SmolStr), Option<Arc<Object>>> {
    let mut found: BTreeMap<(SmolStr, SmolStr), Option<Arc<Object>>> = BTreeMap::new();
    for placed in cluster.objects.of_kind("apiextensions.k8s.io", "CustomResourceDefinition") {
        let Some((group, kind)) = kind_of(placed.object) else { continue };
        let definition = placed.settled.then(|| Arc::clone(placed.shared));
        match found.entry((group, kind)) {
            Entry::Vacant(vacant) => _ = vacant.insert(definition),
            Entry::Occupied(mut first) => {
                let same = first.get_mut().take();
                *first.get_mut() = same.filter(|it| definition.as_ref().is_some_and(|new| is_same(it, new)));
            }
        }
    }
    found.retain(|(group, kind), _| !is_of_flux(group, kind));
    found
}

/// Whether a kind is judged by a table of ours.
pub(super) fn is_of_flux(group: &str, kind: &str) -> bool {
    kinds::flux().any(|known| known == (group, kind))
}

fn is_same(left: &Arc<Object>, right: &Arc<Object>) -> bool {
    Arc::ptr_eq(left, right) || left.at("/spec") == right.at("/spec")
}

/// The group and the kind that a CustomResourceDefinition defines.
pub(super) fn kind_of(definition: &Object) -> Option<(SmolStr, SmolStr)> {
    Some((definition.str("/spec/group")?.into(), definition.str("/spec/names/kind")?.into()))
}
