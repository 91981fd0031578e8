//! Reconcilers of which all is known, or what matters.

use super::Graph;
use crate::fleet::render::has_expression;
use crate::fleet::{ClusterObject, Reconciler, ReconcilerKind, Unseen};

impl<'a> Graph<'a> {
    /// The reconcilers whose own object is known in full, with that object.
    pub fn settled_reconcilers(self) -> impl Iterator<Item = (&'a Reconciler, ClusterObject<'a>)> {
        self.cluster
            .reconcilers
            .iter()
            .filter_map(move |reconciler| Some((reconciler, self.cluster.placed(reconciler)?)))
            .filter(|(_, placed)| placed.settled)
    }

    /// The reconcilers of which a field is known, and the name, with that object: variables that are not known spoil only the
    /// fields that hold them.
    pub fn reconcilers_with_known(
        self,
        pointer: &'static str,
    ) -> impl Iterator<Item = (&'a Reconciler, ClusterObject<'a>)> {
        let all = self
            .cluster
            .reconcilers
            .iter()
            .filter_map(move |reconciler| Some((reconciler, self.cluster.placed(reconciler)?)));
        // Without a namespace it is not applied, and what it refers to is not known.
        let has_namespace = |placed: ClusterObject<'_>| !placed.object.id.namespace.is_empty();
        all.filter(move |(_, placed)| has_namespace(*placed) && (placed.settled || self.is_known_at(*placed, pointer)))
    }

    /// Whether an object is not known because of its variables only, and these are not in the field.
    pub(in crate::fleet) fn is_known_at(self, placed: ClusterObject<'_>, pointer: &str) -> bool {
        let is_built = self.cluster.applied_by(placed).is_some_and(|reconciler| match &reconciler.unseen {
            Unseen::Nothing => true,
            Unseen::Bounded(bounds) => bounds.remote.is_empty(),
            Unseen::Anything => false,
        });
        let mut fields = ["/metadata/name", "/metadata/namespace", pointer].into_iter();
        is_built && !fields.any(|field| placed.object.at(field).is_some_and(has_expression))
    }

    /// The reconcilers of one kind whose own object is known in full, with that object.
    pub fn reconcilers_of(self, kind: ReconcilerKind) -> impl Iterator<Item = (&'a Reconciler, ClusterObject<'a>)> {
        self.settled_reconcilers().filter(move |(reconciler, _)| reconciler.kind == kind)
    }
}
