//! Whose an object, a namespace or a service account is.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::Tenancy;
use crate::config::ProfileKind;
use crate::fleet::owner::{is_of_flux, owner_of};
use crate::fleet::tenant_label::tenant_label;
use crate::fleet::{ClusterObject, Owner, Reconciler};
use crate::flux::build::clean_path;
use crate::object::Object;

impl<'a> Tenancy<'a> {
    /// Whose an object is: by labels; where there is none, by the folder of the tenant that it comes from.
    pub fn owner(self, placed: ClusterObject<'_>) -> Owner {
        match owner_of(self.cluster, placed, &self.fleet.profile.platform_tenants) {
            Owner::Platform => self.owner_by_folder(placed).unwrap_or(Owner::Platform),
            tenant => tenant,
        }
    }

    /// The tenant whose folder (`tenants/NAME`, as d1 lays it out) an object comes from, if no label on the way says
    /// anything else. In other layouts the folders below `tenants` need not be tenants.
    fn owner_by_folder(self, placed: ClusterObject<'_>) -> Option<Owner> {
        let is_labelled = |object: &Object| {
            let namespace = self.cluster.namespace(&object.id.namespace);
            tenant_label(object).is_some() || namespace.is_some_and(|it| tenant_label(it.object).is_some())
        };
        let mut objects = std::iter::once(placed.object).chain(self.cluster.lineage(placed).map(|it| &*it.object));
        let is_platform = is_of_flux(self.cluster, placed.object);
        if self.fleet.profile.kind != ProfileKind::D1 || is_platform || objects.any(is_labelled) {
            return None;
        }
        let tenant = self.cluster.lineage(placed).find_map(|reconciler| self.tenant_folder(reconciler))?;
        (!self.fleet.profile.platform_tenants.contains(&tenant)).then_some(Owner::Tenant(tenant))
    }

    /// The tenant in whose folder of the fleet repository a reconciler looks.
    fn tenant_folder(self, reconciler: &Reconciler) -> Option<SmolStr> {
        let tree = reconciler.source.as_ref()?.tree.as_ref()?;
        let path = clean_path(reconciler.object.str("/spec/path")?);
        let name = path.strip_prefix("tenants/")?.split('/').next().filter(|name| !name.is_empty())?;
        (tree.repository == self.fleet.tree.repository && tree.revision == self.fleet.tree.revision)
            .then(|| name.into())
    }

    /// The tenant from whose folder an object is applied, in fleets of the d1 layout.
    pub fn folder_of(self, placed: ClusterObject<'_>) -> Option<SmolStr> {
        let is_laid_out = self.fleet.profile.kind == ProfileKind::D1;
        self.tenant_folder(self.cluster.applied_by(placed).filter(|_| is_laid_out)?)
    }

    /// The tenants with a namespace on a cluster, platform tenants left out.
    pub fn tenants(self) -> BTreeSet<SmolStr> {
        let namespaces = self.cluster.of_kind("", "Namespace");
        namespaces.filter_map(|placed| self.owner(placed).tenant().map(SmolStr::from)).collect()
    }

    /// The owner of a namespace; `None` where nothing in the fleet creates it. That of Flux is the platform's.
    pub fn owner_of_namespace(self, name: &str) -> Option<Owner> {
        if name == self.cluster.flux_namespace {
            return Some(Owner::Platform);
        }
        self.cluster.namespace(name).map(|placed| self.owner(placed))
    }

    /// The owner of a service account: that of the object, or of its namespace where nothing in the fleet creates it. One in
    /// the namespace of Flux is the platform's.
    pub fn owner_of_account(self, namespace: &str, name: &str) -> Owner {
        if namespace == self.cluster.flux_namespace {
            return Owner::Platform;
        }
        let account = self.cluster.find("", "ServiceAccount", namespace, name);
        match account.or_else(|| self.cluster.namespace(namespace)) {
            Some(placed) => self.owner(placed),
            None => Owner::Platform,
        }
    }
}
