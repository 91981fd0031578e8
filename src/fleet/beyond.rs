//! What may be on a cluster beside what its roots apply: somebody may have applied it by hand, or from elsewhere.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::discover::{FoundCluster, Strength};
use super::unseen::is_flux_group;
use super::{Applier, ApplierKind, Cluster, PlacedBy};
use crate::object::ObjectId;

/// What a cluster may hold that its roots do not apply.
#[derive(Clone, Debug, Default)]
pub struct Beyond {
    kind: Kind,
    /// What files hold that somebody applies by hand, on this cluster or on another one.
    by_hand: Arc<BTreeSet<ObjectId>>,
}

/// How much else may be there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
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

impl Cluster {
    /// Why an object that the graph does not hold may be on the cluster all the same, by the way its roots are known.
    pub(super) fn may_hold(&self, id: &ObjectId) -> Option<&'static str> {
        let by_hand = "the roots of this cluster are applied by hand, and it may hold more than they apply";
        let has_part = || match is_flux_group(&id.group) {
            true => self.applies_in(&id.namespace),
            // Who sets up a cluster makes the accounts that its roots run as. Rules miss other kinds only where files show
            // that they should be there.
            false => id.kind != "ServiceAccount",
        };
        match self.beyond.kind {
            _ if self.beyond.by_hand.contains(id) => Some("a file of this repository that is applied by hand holds it"),
            Kind::Declared => None,
            Kind::Beside => Some(by_hand),
            Kind::ByHand => (!has_part()).then_some(by_hand),
            Kind::Assumed => {
                (!has_part()).then_some("the roots of this cluster are assumed, and it may hold more than they apply")
            }
        }
    }

    /// Whether the cluster's Kustomizations in a namespace are its own business. In the namespace of Flux, one that somebody
    /// applies and that applies no other may be a guest.
    fn applies_in(&self, namespace: &str) -> bool {
        let is_guest = |applier: &Applier| {
            let is_seed = self.objects.get(applier.placed).is_some_and(|placed| placed.by == PlacedBy::Bootstrap);
            self.beyond.kind == Kind::ByHand && is_seed && namespace == self.flux_namespace
        };
        let mut appliers = self.appliers.iter().filter(|applier| applier.kind == ApplierKind::Kustomization);
        appliers.any(|applier| applier.object.id.namespace == namespace && !is_guest(applier))
    }
}
