//! Namespaces that objects lack.

use crate::fleet::beyond::Kind;
use crate::fleet::roles::Role;
use crate::fleet::{Cluster, ClusterObject, Reconciler, ReconcilerKind};

impl Cluster {
    /// The objects that a Kustomization applies and that are in no namespace although their kind needs one, with the
    /// Kustomization. What is assumed of a root says nothing of its `targetNamespace`.
    pub fn without_namespace(&self) -> impl Iterator<Item = (ClusterObject<'_>, &Reconciler)> {
        let settled = self.objects.with_role(Role::WithoutNamespace).filter(|placed| placed.settled);
        let applied = settled.filter_map(|placed| Some((placed, self.applied_by(placed)?)));
        applied.filter(|(_, by)| {
            let is_certain = by.parent.is_some() || self.beyond.kind == Kind::Declared;
            by.kind == ReconcilerKind::Kustomization && is_certain
        })
    }
}
