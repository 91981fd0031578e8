//! What may be on a cluster beside what its roots apply: somebody may have applied it by hand, or from elsewhere.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::discover::{FoundCluster, Strength};
use crate::object::ObjectId;

/// What a cluster may hold that its roots do not apply.
#[derive(Clone, Debug, Default)]
pub struct Beyond {
    pub(super) kind: Kind,
    /// What files hold that somebody applies by hand, on this cluster or on another one.
    pub(super) by_hand: Arc<BTreeSet<ObjectId>>,
}

/// How much else may be there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    /// The roots are declared: what files show that are applied by hand.
    #[default]
    Declared,
    /// The roots are assumed: what they have no part in.
    Assumed,
    /// The roots are applied by hand, like all roots of the repository: what they have no part in.
    ByHand,
    /// The roots are applied by hand, and the repository declares clusters: anything.
    Beside,
}

impl Beyond {
    /// What each cluster of a repository may hold beside its roots. A file that somebody applies by hand goes onto a cluster
    /// that is there already, which may be one that the repository declares.
    pub(super) fn of_all(all: &[FoundCluster]) -> Vec<Self> {
        let kits = all.iter().filter(|cluster| cluster.is_kit()).flat_map(|cluster| &cluster.roots);
        let by_hand: BTreeSet<ObjectId> = kits.flat_map(|root| &root.seeds).map(|seed| seed.id.clone()).collect();
        let by_hand = Arc::new(by_hand);
        let kind = |cluster: &FoundCluster| match cluster.is_kit() {
            true if all.iter().all(FoundCluster::is_kit) => Kind::ByHand,
            true => Kind::Beside,
            false if cluster.roots.iter().any(|root| root.strength == Strength::Assumed) => Kind::Assumed,
            false => Kind::Declared,
        };
        all.iter().map(|cluster| Self { kind: kind(cluster), by_hand: Arc::clone(&by_hand) }).collect()
    }
}
