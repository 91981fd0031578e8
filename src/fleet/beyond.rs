//! What may be on a cluster beside what its roots apply: somebody may have applied it by hand, or from elsewhere.

use super::discover::{FoundCluster, Strength};
use super::unseen::is_flux_group;
use super::{ApplierKind, Cluster};
use crate::object::ObjectId;

/// What a cluster may hold that its roots do not apply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Beyond {
    /// Nothing that matters: the roots are declared.
    #[default]
    Nothing,
    /// What the cluster's roots have no part in; and why.
    Others(&'static str),
    /// Anything; and why.
    Anything(&'static str),
}

impl Beyond {
    /// What a cluster of a repository may hold beside its roots. A file that somebody applies by hand goes onto a cluster
    /// that is there already, which may be one that the repository declares.
    pub(super) fn of(cluster: &FoundCluster, all: &[FoundCluster]) -> Self {
        if cluster.is_kit() {
            let by_hand = "the roots of this cluster are applied by hand, and it may hold more than they apply";
            return if all.iter().all(FoundCluster::is_kit) { Self::Others(by_hand) } else { Self::Anything(by_hand) };
        }
        match cluster.roots.iter().any(|root| root.strength == Strength::Assumed) {
            true => Self::Others("the roots of this cluster are assumed, and it may hold more than they apply"),
            false => Self::Nothing,
        }
    }
}

impl Cluster {
    /// Why an object that the graph does not hold may be on the cluster all the same, by the way its roots are known.
    pub(super) fn may_hold(&self, id: &ObjectId) -> Option<&'static str> {
        let appliers = || self.appliers.iter().filter(|applier| applier.kind == ApplierKind::Kustomization);
        let is_ours = || appliers().any(|applier| applier.object.id.namespace == id.namespace);
        match self.beyond {
            Beyond::Nothing => None,
            Beyond::Anything(why) => Some(why),
            Beyond::Others(why) if is_flux_group(&id.group) => (!is_ours()).then_some(why),
            // Who sets up a cluster makes the accounts that its roots run as. Rules miss other kinds only where files show
            // that they should be there.
            Beyond::Others(why) => (id.kind == "ServiceAccount").then_some(why),
        }
    }
}
