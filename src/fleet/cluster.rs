//! Looking up the objects and the reconcilers of a cluster.

use super::{AppliedBy, Cluster, ClusterObject, Reconciler, ReconcilerId};
use crate::object::ObjectId;

impl Cluster {
    /// An object by its identity; the first one where several reconcilers apply it.
    pub fn get(&self, id: &ObjectId) -> Option<ClusterObject<'_>> {
        self.objects.find(id.parts())
    }

    /// An object by the parts of its identity.
    pub fn find(&self, group: &str, kind: &str, namespace: &str, name: &str) -> Option<ClusterObject<'_>> {
        self.objects.find([group, kind, namespace, name])
    }

    /// The Namespace object of a namespace.
    pub fn namespace(&self, name: &str) -> Option<ClusterObject<'_>> {
        self.find("", "Namespace", "", name)
    }

    /// The settled objects of a group and kind.
    pub fn of_kind<'a>(&'a self, group: &'a str, kind: &'a str) -> impl Iterator<Item = ClusterObject<'a>> {
        self.objects.of_kind(group, kind).filter(|placed| placed.settled)
    }

    /// A reconciler of this cluster.
    pub fn reconciler(&self, id: ReconcilerId) -> &Reconciler {
        &self.reconcilers[id.0]
    }

    /// A reconciler as an object of the cluster.
    pub fn placed(&self, reconciler: &Reconciler) -> Option<ClusterObject<'_>> {
        self.objects.get(reconciler.placed)
    }

    /// The reconcilers that no other reconciler applies.
    pub fn roots(&self) -> impl Iterator<Item = &Reconciler> {
        self.reconcilers.iter().filter(|reconciler| reconciler.parent.is_none())
    }

    /// Who applies an object, if a reconciler of this cluster does.
    pub fn applied_by(&self, placed: ClusterObject<'_>) -> Option<&Reconciler> {
        match placed.by {
            AppliedBy::Reconciler(id) => Some(self.reconciler(id)),
            _ => None,
        }
    }
}
