//! A cluster: the objects that Flux puts on it, and who puts them there.

use std::collections::HashMap;
use std::sync::Arc;

use smol_str::SmolStr;

use super::{Beyond, Lockdown, Reconciler, ReconcilerId};
use crate::flux::release::Features;
use crate::object::{Object, ObjectId};

/// A cluster of the fleet.
#[derive(Debug)]
pub struct Cluster {
    /// What its paths do not share with those of the other clusters.
    pub name: String,
    /// The folders that the cluster's roots sync, relative to the fleet repository, without `./`, sorted.
    pub paths: Vec<String>,
    /// Everything on the cluster, in the order of the reconcilers; an object that two reconcilers apply is here twice.
    pub objects: Vec<ClusterObject>,
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
    pub(super) by_id: HashMap<ObjectId, usize>,
}

/// An object on a cluster.
#[derive(Clone, Debug)]
pub struct ClusterObject {
    /// Shared with the other clusters that hold the same object.
    pub object: Arc<Object>,
    pub by: AppliedBy,
    /// All of it is known: its variables, and what builds did to it. Rules judge only settled objects; the others merely
    /// exist.
    pub settled: bool,
}

/// How an object comes onto a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AppliedBy {
    /// A reconciler of the cluster applies it.
    Reconciler(ReconcilerId),
    /// Flux Operator makes it from the FluxInstance, or `flux bootstrap` made it.
    Bootstrap,
    /// A policy or an annotation copies it from another namespace, or a policy makes it.
    Copy {
        /// The object that is copied, or the policy that holds it: an index into [`Cluster::objects`].
        source: usize,
        /// The policy or the annotated object that says so, an index into [`Cluster::objects`].
        policy: usize,
    },
    /// Declared in the configuration or by the profile, stored in no repository (a Secret with a token, an object that is
    /// made elsewhere).
    Declared,
}

impl ClusterObject {
    /// All that can be known of it is known: rules may not judge what the configuration declares, others may read it.
    pub(super) fn is_known(&self) -> bool {
        self.settled || self.by == AppliedBy::Declared
    }

    /// As [`Self::is_known`], and of a declared ConfigMap or Secret it is said which keys it has.
    pub(super) fn has_known_data(&self) -> bool {
        let has = |field: &str| self.object.root.get(field).is_some();
        self.settled && self.by != AppliedBy::Declared || self.is_known() && (has("data") || has("stringData"))
    }
}

impl Cluster {
    /// An object by its identity; the first one where several reconcilers apply it.
    pub fn get(&self, id: &ObjectId) -> Option<&ClusterObject> {
        self.by_id.get(id).map(|&index| &self.objects[index])
    }

    /// An object by the parts of its identity.
    pub fn find(&self, group: &str, kind: &str, namespace: &str, name: &str) -> Option<&ClusterObject> {
        let id = ObjectId { group: group.into(), kind: kind.into(), namespace: namespace.into(), name: name.into() };
        self.get(&id)
    }

    /// The Namespace object of a namespace.
    pub fn namespace(&self, name: &str) -> Option<&ClusterObject> {
        self.find("", "Namespace", "", name)
    }

    /// The settled objects of a group and kind.
    pub fn of_kind<'a>(&'a self, group: &'a str, kind: &'a str) -> impl Iterator<Item = &'a ClusterObject> {
        self.objects.iter().filter(move |placed| placed.settled && placed.object.is(group, kind))
    }

    /// A reconciler of this cluster.
    pub fn reconciler(&self, id: ReconcilerId) -> &Reconciler {
        &self.reconcilers[id.0]
    }

    /// The reconcilers that no other reconciler applies.
    pub fn roots(&self) -> impl Iterator<Item = &Reconciler> {
        self.reconcilers.iter().filter(|reconciler| reconciler.parent.is_none())
    }

    /// Who applies an object, if a reconciler of this cluster does.
    pub fn applied_by(&self, placed: &ClusterObject) -> Option<&Reconciler> {
        match placed.by {
            AppliedBy::Reconciler(id) => Some(self.reconciler(id)),
            _ => None,
        }
    }
}
