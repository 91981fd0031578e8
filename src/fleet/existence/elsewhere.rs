//! The same object on other clusters.

use std::collections::BTreeSet;

use crate::fleet::{AppliedBy, Cluster, ClusterObject, Fleet};
use crate::object::ObjectId;

impl Fleet {
    /// The same object on another cluster, and that cluster.
    pub fn counterpart_of(&self, cluster: &Cluster, id: &ObjectId) -> Option<(&Cluster, ClusterObject<'_>)> {
        let others = self.clusters.iter().filter(|other| !std::ptr::eq(*other, cluster));
        others.filter_map(|other| Some((other, other.get(id)?))).next()
    }

    /// The reconcilers that make an object on another cluster, or the policy or the original that it is copied by, and those
    /// that apply these, up to the root.
    pub fn makers_elsewhere(&self, cluster: &Cluster, id: &ObjectId) -> BTreeSet<ObjectId> {
        let Some((other, twin)) = self.counterpart_of(cluster, id) else { return BTreeSet::new() };
        let parts = match twin.by {
            AppliedBy::Copy { source, policy } => vec![source, policy],
            _ => Vec::new(),
        };
        let placed = parts.into_iter().filter_map(|index| other.objects.get(index)).chain([twin]);
        let makers = placed.filter_map(|placed| other.applied_by(placed));
        makers.flat_map(|maker| other.graph().ancestors_and_self(maker)).map(|maker| maker.object.id.clone()).collect()
    }
}
