//! Secrets that tenants can read.

use smol_str::SmolStr;

use crate::fleet::{AppliedBy, Cluster, ClusterObject, Fleet, Owner};

/// A Secret that a tenant can read.
#[derive(Clone, Debug)]
pub struct ReadableSecret<'a> {
    pub cluster: &'a Cluster,
    pub secret: ClusterObject<'a>,
    /// The tenant that owns the namespace.
    pub tenant: SmolStr,
    /// The binding that lets it read Secrets there, and its role.
    pub binding: ClusterObject<'a>,
    pub role: &'a str,
    /// What copies the Secret into the namespace.
    pub policy: Option<ClusterObject<'a>>,
}

/// Built-in roles that let their subjects read the Secrets of a namespace.
const READING_ROLES: [&str; 3] = ["admin", "cluster-admin", "edit"];

impl Fleet {
    /// The tenants that can read a Secret or a copy of it: one per namespace.
    pub fn tenants_reading<'a>(&'a self, (namespace, name): &(SmolStr, SmolStr)) -> Vec<ReadableSecret<'a>> {
        let on_cluster = |cluster: &'a Cluster| {
            let secrets = cluster.objects.of_kind("", "Secret");
            let same = secrets.filter(|secret| {
                let original = &self.credentials(cluster).original_of(*secret).object.id;
                original.namespace == *namespace && original.name == *name
            });
            same.filter_map(|secret| self.reading(cluster, secret)).collect::<Vec<_>>()
        };
        self.clusters.iter().flat_map(on_cluster).collect()
    }

    fn reading<'a>(&'a self, cluster: &'a Cluster, secret: ClusterObject<'a>) -> Option<ReadableSecret<'a>> {
        let namespace = &secret.object.id.namespace;
        let Some(Owner::Tenant(tenant)) = self.tenancy(cluster).owner_of_namespace(namespace) else { return None };
        let mut bound = cluster.rbac().bound_accounts().filter(|it| it.namespace == namespace.as_str());
        let found = bound.find(|it| {
            let is_here = it.is_cluster_wide() || it.binding.object.id.namespace == *namespace;
            is_here && it.role().0 == "ClusterRole" && READING_ROLES.contains(&it.role().1)
        })?;
        let policy = match secret.by {
            AppliedBy::Copy { policy, .. } => cluster.objects.get(policy),
            _ => None,
        };
        Some(ReadableSecret { cluster, secret, tenant, binding: found.binding, role: found.role().1, policy })
    }
}
