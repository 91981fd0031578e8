//! Namespaces that objects lack.

use super::Graph;
use crate::fleet::beyond::Kind;
use crate::fleet::roles::Role;
use crate::fleet::{ClusterObject, Reconciler, ReconcilerKind};

impl<'a> Graph<'a> {
    /// The objects that a Kustomization applies and that are in no namespace although their kind needs one, with the
    /// Kustomization. What is assumed of a root says nothing of its `targetNamespace`.
    pub fn without_namespace(self) -> impl Iterator<Item = (ClusterObject<'a>, &'a Reconciler)> {
        let settled = self.cluster.objects.with_role(Role::WithoutNamespace).filter(|placed| placed.settled);
        let applied = settled.filter_map(move |placed| Some((placed, self.cluster.applied_by(placed)?)));
        applied.filter(move |(_, by)| {
            let is_certain = by.parent.is_some() || self.cluster.beyond.kind == Kind::Declared;
            by.kind == ReconcilerKind::Kustomization && is_certain
        })
    }
}
