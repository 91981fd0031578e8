//! Who applies what, who waits for whom.

mod components;
mod contested;
mod duplicates;
mod namespaces;
mod paths;
mod readiness;
mod reconciler;
mod reconcilers;
mod waits;

use std::collections::HashMap;

use smol_str::SmolStr;

use crate::fleet::{Cluster, ClusterObject, Reconciler, ReconcilerId, ReconcilerKind};
use crate::flux::api::{FluxInstance, group};
use crate::object::{Object, ObjectId};

pub use components::MissingComponents;
pub use contested::Scaled;
pub use duplicates::Duplicate;
pub use readiness::EarlyReady;
pub use waits::Wait;

/// The reconcilers of a cluster: which there are, who applies whom, which folders they miss, who waits for whom.
#[derive(Clone, Copy, Debug)]
pub struct Graph<'a> {
    cluster: &'a Cluster,
    index: &'a GraphIndex,
}

/// The reconcilers of a cluster, by what they are called.
#[derive(Debug)]
pub(in crate::fleet) struct GraphIndex {
    /// The first of an identity.
    by_id: HashMap<ObjectId, usize>,
    /// The first of a kind, a namespace and a name.
    by_name: HashMap<(ReconcilerKind, SmolStr, SmolStr), usize>,
}

impl GraphIndex {
    fn of(reconcilers: &[Reconciler]) -> Self {
        let mut index = Self { by_id: HashMap::new(), by_name: HashMap::new() };
        for (position, reconciler) in reconcilers.iter().enumerate() {
            let id = &reconciler.object.id;
            index.by_id.entry(id.clone()).or_insert(position);
            let name = (reconciler.kind, id.namespace.clone(), id.name.clone());
            index.by_name.entry(name).or_insert(position);
        }
        index
    }
}

impl Cluster {
    /// The facet of reconcilers.
    pub fn graph(&self) -> Graph<'_> {
        Graph { cluster: self, index: self.facets.graph.get_or_init(|| GraphIndex::of(&self.reconcilers)) }
    }
}

impl<'a> Graph<'a> {
    /// A reconciler by kind, namespace and name.
    pub fn find_reconciler(self, kind: ReconcilerKind, namespace: &str, name: &str) -> Option<&'a Reconciler> {
        let position = self.index.by_name.get(&(kind, namespace.into(), name.into()))?;
        self.cluster.reconcilers.get(*position)
    }

    /// The reconciler that an object is, if it applies others.
    pub fn reconciler_of(self, id: &ObjectId) -> Option<&'a Reconciler> {
        self.cluster.reconcilers.get(*self.index.by_id.get(id)?)
    }

    /// The position of the reconciler that an object is.
    pub(in crate::fleet) fn position_of(self, id: &ObjectId) -> Option<ReconcilerId> {
        self.index.by_id.get(id).copied().map(ReconcilerId)
    }

    /// The FluxInstance, where the Flux Operator runs Flux.
    pub fn flux_instance(self) -> Option<&'a Object> {
        let mut instances = self.cluster.of_kind(group::OPERATOR, "FluxInstance").map(|placed| placed.object);
        instances.find(|object| FluxInstance::of(object).is_some())
    }

    /// The reconciler of an object.
    pub fn maker_of(self, id: &ObjectId) -> Option<&'a Reconciler> {
        self.cluster.applied_by(self.cluster.get(id)?)
    }

    /// Whether an object comes right from the folder that the cluster syncs.
    pub fn is_applied_by_root(self, placed: ClusterObject<'_>) -> bool {
        self.cluster.applied_by(placed).is_some_and(|reconciler| reconciler.parent.is_none())
    }

    /// A reconciler and those that apply it, up to the root.
    pub fn ancestors_and_self(self, reconciler: &'a Reconciler) -> impl Iterator<Item = &'a Reconciler> {
        std::iter::successors(Some(reconciler), move |reconciler| {
            reconciler.parent.map(|id| self.cluster.reconciler(id))
        })
    }

    /// A reconciler and those that apply it, up to the root.
    pub(in crate::fleet) fn line_of(self, reconciler: &'a Reconciler) -> Vec<ObjectId> {
        self.ancestors_and_self(reconciler).map(|it| it.object.id.clone()).collect()
    }
}
