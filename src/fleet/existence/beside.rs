//! Whether an object may be on a cluster beside what its roots apply.

use super::Existence;
use crate::fleet::beyond::Kind;
use crate::fleet::unseen::is_flux_group;
use crate::fleet::{AppliedBy, Reconciler, ReconcilerKind};
use crate::object::ObjectId;

const BY_HAND: &str = "the roots of this cluster are applied by hand, and it may hold more than they apply";
const ASSUMED: &str = "the roots of this cluster are assumed, and it may hold more than they apply";

impl<'a> Existence<'a> {
    /// Why an object that the graph does not hold may be on the cluster all the same, by the way its roots are known.
    pub(super) fn may_hold(self, id: &ObjectId) -> Option<&'static str> {
        let has_part = || match is_flux_group(&id.group) {
            true => self.applies_in(&id.namespace),
            // Who sets up a cluster makes the accounts that its roots run as. Rules miss other kinds only where files show
            // that they should be there.
            false => id.kind != "ServiceAccount",
        };
        match self.cluster.beyond.kind {
            _ if self.cluster.beyond.by_hand.contains(id) => {
                Some("a file of this repository that is applied by hand holds it")
            }
            Kind::Declared => None,
            Kind::Beside => Some(BY_HAND),
            Kind::ByHand => (!has_part()).then_some(BY_HAND),
            Kind::Assumed => (!has_part()).then_some(ASSUMED),
        }
    }

    /// Why the cluster may hold more than its roots apply, whatever it is.
    pub(super) fn may_hold_more(self) -> Option<&'static str> {
        match self.cluster.beyond.kind {
            Kind::Declared => None,
            Kind::Assumed => Some(ASSUMED),
            Kind::ByHand | Kind::Beside => Some(BY_HAND),
        }
    }

    /// Whether the cluster's Kustomizations in a namespace are its own business. In the namespace of Flux, one that somebody
    /// applies and that applies no other may be a guest.
    fn applies_in(self, namespace: &str) -> bool {
        let is_guest = |reconciler: &Reconciler| {
            let is_seed =
                self.cluster.objects.get(reconciler.placed).is_some_and(|placed| placed.by == AppliedBy::Bootstrap);
            self.cluster.beyond.kind == Kind::ByHand && is_seed && namespace == self.cluster.flux_namespace
        };
        let mut reconcilers =
            self.cluster.reconcilers.iter().filter(|reconciler| reconciler.kind == ReconcilerKind::Kustomization);
        reconcilers.any(|reconciler| reconciler.object.id.namespace == namespace && !is_guest(reconciler))
    }
}
