//! Whose an object is: the platform's or a tenant's.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::tenant_label::tenant_label;
use super::{Cluster, ClusterObject, Reconciler};
use crate::object::Object;

/// The owner of an object.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Owner {
    /// The platform team, platform tenants (`infra`) included.
    Platform,
    /// A tenant, by name.
    Tenant(SmolStr),
}

impl Owner {
    /// The tenant's name.
    pub fn tenant(&self) -> Option<&str> {
        match self {
            Self::Platform => None,
            Self::Tenant(name) => Some(name),
        }
    }
}

/// The owner of an object on a cluster.
///
/// What is Flux's own, or hangs below a platform tenant's Kustomization, belongs to the platform, whatever its own label
/// says. Else the object's label decides, then that of its namespace, then the owner of who applies it.
pub(super) fn owner_of(cluster: &Cluster, placed: ClusterObject<'_>, platform_tenants: &BTreeSet<SmolStr>) -> Owner {
    if is_of_flux(cluster, placed.object) {
        return Owner::Platform;
    }
    let is_platform = |tenant: &str| platform_tenants.contains(tenant);
    let mut reconcilers = cluster.lineage(placed);
    if reconcilers.any(|reconciler| tenant_label(&reconciler.object).is_some_and(is_platform)) {
        return Owner::Platform;
    }
    let tenant = own_tenant(cluster, placed.object)
        .or_else(|| cluster.lineage(placed).find_map(|reconciler| own_tenant(cluster, &reconciler.object)));
    match tenant {
        Some(tenant) if !is_platform(tenant) => Owner::Tenant(tenant.into()),
        _ => Owner::Platform,
    }
}

/// Whether an object in the namespace of Flux is not a tenant's: a service account never is one's, whatever applies it and
/// whatever label it has; anything else only with a label of its own.
pub(super) fn is_of_flux(cluster: &Cluster, object: &Object) -> bool {
    let is_without_owner = object.is("", "ServiceAccount") || tenant_label(object).is_none();
    object.id.namespace == cluster.flux_namespace && is_without_owner
}

/// The tenant that an object's own label, or its namespace's, names.
fn own_tenant<'a>(cluster: &'a Cluster, object: &'a Object) -> Option<&'a str> {
    if is_of_flux(cluster, object) {
        return None;
    }
    tenant_label(object).or_else(|| tenant_label(cluster.namespace(&object.id.namespace)?.object))
}

impl Cluster {
    /// Who applies an object, who applies that one, and so on up to the root.
    pub fn lineage(&self, placed: ClusterObject<'_>) -> impl Iterator<Item = &Reconciler> {
        std::iter::successors(self.applied_by(placed), |reconciler| reconciler.parent.map(|id| self.reconciler(id)))
    }
}
