//! A cluster: the objects that Flux puts on it, and who puts them there.

use std::sync::OnceLock;

use smol_str::SmolStr;

use super::cluster_index::ClusterIndex;
use super::objects::Objects;
use super::{AppliedBy, Beyond, ClusterObject, Lockdown, Reconciler, ReconcilerId};
use crate::flux::release::Features;
use crate::object::ObjectId;

/// A cluster of the fleet.
#[derive(Debug)]
pub struct Cluster {
    /// What its paths do not share with those of the other clusters.
    pub name: String,
    /// The folders that the cluster's roots sync, relative to the fleet repository, without `./`, sorted.
    pub paths: Vec<String>,
    /// Everything on the cluster, in the order of the reconcilers; an object that two reconcilers apply is here twice.
    pub objects: Objects,
    /// Everything that reconciles, parents before children.
    pub reconcilers: Vec<Reconciler>,
    /// The namespace of Flux.
    pub flux_namespace: SmolStr,
    pub lockdown: Lockdown,
    /// What the Flux of the cluster does, by its release and its feature gates.
    pub features: Features,
    /// `flux bootstrap` installed Flux (gotk-sync), not the Flux Operator.
    pub is_bootstrapped: bool,
    /// What it may hold beside what its roots apply.
    pub beyond: Beyond,
    pub(super) index: OnceLock<ClusterIndex>,
}

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

    /// What queries look up.
    pub(super) fn index(&self) -> &ClusterIndex {
        self.index.get_or_init(|| {
            let accounts = self.bound_accounts().map(|bound| (bound.namespace, bound.name));
            ClusterIndex::of(&self.objects, &self.reconcilers, accounts, self.bound_groups())
        })
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
