//! Tenants: whose an object is, which namespaces are whose, which labels policies select them by.

mod applied;
mod owners;
mod selectors;

use std::collections::HashSet;

use smol_str::SmolStr;

use crate::fleet::roles::Role;
use crate::fleet::tenant_label::tenant_label;
use crate::fleet::{Cluster, ClusterObject, Fleet};
use crate::flux::kinds;
use crate::object::Object;

pub use applied::TenantApply;
pub use selectors::TenantSelector;

/// Whose is what on a cluster, by labels, by folders and by what the configuration says.
#[derive(Clone, Copy, Debug)]
pub struct Tenancy<'a> {
    fleet: &'a Fleet,
    cluster: &'a Cluster,
    index: &'a TenancyIndex,
}

/// What carries the labels of tenants.
#[derive(Debug)]
pub(in crate::fleet) struct TenancyIndex {
    /// The namespaces with objects that a reconciler applies and that carry the label of a tenant: namespace and tenant.
    labelled: HashSet<(SmolStr, SmolStr)>,
}

impl TenancyIndex {
    fn of(cluster: &Cluster) -> Self {
        let labelled = cluster.objects.with_role(Role::Labelled).filter(|placed| placed.settled);
        let applied = labelled.filter(|placed| cluster.applied_by(*placed).is_some());
        let tenants = applied.filter_map(|placed| {
            Some((placed.object.id.namespace.clone(), SmolStr::from(tenant_label(placed.object)?)))
        });
        Self { labelled: tenants.collect() }
    }
}

impl Fleet {
    /// The facet of tenants of a cluster.
    pub fn tenancy<'a>(&'a self, cluster: &'a Cluster) -> Tenancy<'a> {
        let index = cluster.facets.tenancy.get_or_init(|| TenancyIndex::of(cluster));
        Tenancy { fleet: self, cluster, index }
    }
}

impl<'a> Tenancy<'a> {
    /// The references to another namespace in fields that the lockdown looks at: the object, the field, the namespace.
    pub fn cross_namespace_refs(self) -> impl Iterator<Item = (ClusterObject<'a>, String, &'a str)> {
        let is_locked = |group: &str, kind: &str| kinds::references(group, kind).iter().any(|it| it.is_locked);
        let objects = self.cluster.objects.of_kinds(is_locked);
        objects.filter(|placed| placed.settled).flat_map(|placed| {
            let own = placed.object.id.namespace.as_str();
            let references = lockable_references(placed.object).filter_map(move |pointer| {
                let namespace = placed.object.str(&pointer)?;
                Some((placed, pointer, namespace))
            });
            references.filter(move |(_, _, namespace)| !namespace.is_empty() && *namespace != own)
        })
    }

    /// Whether a namespace holds objects that carry the label of a tenant.
    fn holds_labelled(self, namespace: &str, value: &str) -> bool {
        self.index.labelled.contains(&(namespace.into(), value.into()))
    }
}

/// The `namespace` fields of an object that the lockdown looks at, as JSON pointers; the fields need not be there.
fn lockable_references(object: &Object) -> impl Iterator<Item = String> {
    let locked = kinds::references(&object.id.group, &object.id.kind).iter().filter(|it| it.is_locked);
    locked.flat_map(|it| it.places(object)).map(|place| format!("{place}/namespace"))
}
