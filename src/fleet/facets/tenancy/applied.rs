//! What tenants apply.

use smol_str::SmolStr;

use super::Tenancy;
use crate::fleet::{AppliedBy, ClusterObject, Owner, Reconciler, ReconcilerId, ReconcilerKind};
use crate::object::Object;

/// A reconciler of a tenant, and what it applies.
#[derive(Clone, Debug)]
pub struct TenantApply<'a> {
    pub tenant: SmolStr,
    pub reconciler: &'a Reconciler,
    /// Those of which all is known.
    pub objects: Vec<ClusterObject<'a>>,
}

impl<'a> Tenancy<'a> {
    /// The Kustomizations and ResourceSets of tenants that apply on this cluster, with what they apply.
    pub fn applies(self) -> impl Iterator<Item = TenantApply<'a>> {
        self.reconcilers().filter_map(move |(id, reconciler, tenant)| {
            let is_known = matches!(reconciler.kind, ReconcilerKind::Kustomization | ReconcilerKind::ResourceSet);
            let by = AppliedBy::Reconciler(id);
            let placed = reconciler.applied.placed().filter(|(_, settled)| *settled);
            let objects = placed.map(|(shared, settled)| ClusterObject { object: shared, shared, by, settled });
            (is_known && !reconciler.is_remote).then(|| TenantApply { tenant, reconciler, objects: objects.collect() })
        })
    }

    /// All reconcilers of tenants of which all is known, each with its tenant.
    pub fn reconcilers(self) -> impl Iterator<Item = (ReconcilerId, &'a Reconciler, SmolStr)> {
        self.cluster.reconcilers.iter().enumerate().filter_map(move |(index, reconciler)| {
            let placed = self.cluster.placed(reconciler).filter(|placed| placed.settled)?;
            let Owner::Tenant(tenant) = self.owner(placed) else { return None };
            Some((ReconcilerId(index), reconciler, tenant))
        })
    }

    /// Whether somebody else applies an object of the same identity, and did so first.
    pub fn is_of_others(self, object: &Object, reconciler: &Reconciler) -> bool {
        let first = self.cluster.get(&object.id);
        first.is_some_and(|first| self.cluster.applied_by(first).is_none_or(|by| by.object.id != reconciler.object.id))
    }

    /// Whether a namespace is one of a tenant's.
    pub fn is_of_tenant(self, namespace: &str, tenant: &str) -> bool {
        self.owner_of_namespace(namespace).is_some_and(|owner| owner.tenant() == Some(tenant))
    }
}
