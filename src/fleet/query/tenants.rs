//! Tenants: whose an object is, which namespaces are whose, which labels policies select them by.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use crate::config::ProfileKind;
use crate::fleet::owner::{is_of_flux, owner_of};
use crate::fleet::roles::Role;
use crate::fleet::tenant_label::{TENANT_LABEL, tenant_label};
use crate::fleet::{Cluster, ClusterObject, Fleet, Owner, Reconciler};
use crate::flux::build::clean_path;
use crate::object::Object;
use crate::yaml::Node;

impl Fleet {
    /// Whose an object is: by labels; where there is none, by the folder of the tenant that it comes from.
    pub fn owner(&self, cluster: &Cluster, placed: ClusterObject<'_>) -> Owner {
        match owner_of(cluster, placed, &self.profile.platform_tenants) {
            Owner::Platform => self.owner_by_folder(cluster, placed).unwrap_or(Owner::Platform),
            tenant => tenant,
        }
    }

    /// The tenant whose folder (`tenants/NAME`, as d1 lays it out) an object comes from, if no label on the way says
    /// anything else. In other layouts the folders below `tenants` need not be tenants.
    fn owner_by_folder(&self, cluster: &Cluster, placed: ClusterObject<'_>) -> Option<Owner> {
        let is_labelled = |object: &Object| {
            let namespace = cluster.namespace(&object.id.namespace);
            tenant_label(object).is_some() || namespace.is_some_and(|it| tenant_label(it.object).is_some())
        };
        let mut objects = std::iter::once(placed.object).chain(cluster.lineage(placed).map(|it| &*it.object));
        let is_platform = is_of_flux(cluster, placed.object);
        if self.profile.kind != ProfileKind::D1 || is_platform || objects.any(is_labelled) {
            return None;
        }
        let tenant = cluster.lineage(placed).find_map(|reconciler| self.tenant_folder(reconciler))?;
        (!self.profile.platform_tenants.contains(&tenant)).then_some(Owner::Tenant(tenant))
    }

    /// The tenant in whose folder of the fleet repository a reconciler looks.
    fn tenant_folder(&self, reconciler: &Reconciler) -> Option<SmolStr> {
        let tree = reconciler.source.as_ref()?.tree.as_ref()?;
        let path = clean_path(reconciler.object.str("/spec/path")?);
        let name = path.strip_prefix("tenants/")?.split('/').next().filter(|name| !name.is_empty())?;
        (tree.repository == self.tree.repository && tree.revision == self.tree.revision).then(|| name.into())
    }

    /// The tenants with a namespace on a cluster, platform tenants left out.
    pub fn tenants(&self, cluster: &Cluster) -> BTreeSet<SmolStr> {
        let namespaces = cluster.of_kind("", "Namespace");
        namespaces.filter_map(|placed| self.owner(cluster, placed).tenant().map(SmolStr::from)).collect()
    }

    /// The owner of a namespace; `None` where nothing in the fleet creates it. That of Flux is the platform's.
    pub fn owner_of_namespace(&self, cluster: &Cluster, name: &str) -> Option<Owner> {
        if name == cluster.flux_namespace {
            return Some(Owner::Platform);
        }
        cluster.namespace(name).map(|placed| self.owner(cluster, placed))
    }

    /// The labels by which policies select the namespaces of a tenant and that this one of its namespaces lacks.
    pub fn missing_tenant_labels<'a>(
        &self,
        cluster: &'a Cluster,
        namespace: ClusterObject<'_>,
    ) -> Vec<TenantSelector<'a>> {
        let owner = self.owner(cluster, namespace);
        let (name, mut selectors) = (&namespace.object.id.name, cluster.tenant_selectors());
        selectors.retain(|label| {
            let is_tenants = owner.tenant() == Some(label.value) || cluster.holds_labelled(name, label.value);
            is_tenants && namespace.object.label(label.key).and_then(Node::text) != Some(label.value)
        });
        selectors
    }

    /// The owner of a service account: that of the object, or of its namespace where nothing in the fleet creates it. One in
    /// the namespace of Flux is the platform's.
    pub fn owner_of_account(&self, cluster: &Cluster, namespace: &str, name: &str) -> Owner {
        if namespace == cluster.flux_namespace {
            return Owner::Platform;
        }
        let account = cluster.find("", "ServiceAccount", namespace, name);
        match account.or_else(|| cluster.namespace(namespace)) {
            Some(placed) => self.owner(cluster, placed),
            None => Owner::Platform,
        }
    }
}

/// A label by which a policy selects the namespaces of a tenant.
#[derive(Clone, Copy, Debug)]
pub struct TenantSelector<'a> {
    pub policy: &'a Object,
    pub key: &'a str,
    pub value: &'a str,
    /// The value in the policy.
    pub place: &'a Node,
}

impl Cluster {
    /// The tenant labels by which policies of the cluster select namespaces, each once.
    pub fn tenant_selectors(&self) -> Vec<TenantSelector<'_>> {
        let mut found: Vec<TenantSelector<'_>> = Vec::new();
        let policies = self.objects.of_kinds(is_policy).filter(|placed| placed.settled);
        for policy in policies.map(|placed| placed.object) {
            for selector in selectors(policy) {
                let known = found.iter().any(|it| it.key == selector.key && it.value == selector.value);
                if !known {
                    found.push(selector);
                }
            }
        }
        found
    }

    /// Whether a namespace holds objects that carry the label of a tenant.
    fn holds_labelled(&self, namespace: &str, value: &str) -> bool {
        let labelled = self.objects.with_role(Role::Labelled);
        let inside = labelled.filter(|placed| placed.settled && placed.object.id.namespace == namespace);
        inside
            .filter(|placed| self.applied_by(*placed).is_some())
            .any(|placed| tenant_label(placed.object) == Some(value))
    }
}

fn is_policy(group: &str, kind: &str) -> bool {
    group == "kyverno.io" && matches!(kind, "ClusterPolicy" | "Policy")
}

/// The tenant labels in a policy's `match` blocks: `selector` of Namespaces, `namespaceSelector` of other kinds.
fn selectors(policy: &Object) -> Vec<TenantSelector<'_>> {
    let rules = policy.at("/spec/rules").map(Node::items).unwrap_or_default();
    let matches = rules.iter().filter_map(|rule| rule.get("match"));
    let blocks = matches.flat_map(|matching| {
        let lists = ["any", "all"].into_iter().filter_map(|key| matching.get(key)).flat_map(Node::items);
        lists.filter_map(|block| block.get("resources")).chain(matching.get("resources"))
    });
    blocks.flat_map(|resources| selectors_of(policy, resources)).collect()
}

fn selectors_of<'a>(policy: &'a Object, resources: &'a Node) -> Vec<TenantSelector<'a>> {
    let kinds = resources.get("kinds").map(Node::items).unwrap_or_default();
    let is_namespace = |kind: &Node| kind.text().is_some_and(|kind| kind.rsplit('/').next() == Some("Namespace"));
    let field = if kinds.iter().any(is_namespace) { "selector" } else { "namespaceSelector" };
    let labels = resources.get(field).and_then(|selector| selector.get("matchLabels")).map(Node::entries);
    let tenant = labels.unwrap_or_default().iter().filter(|entry| entry.key.text() == Some(TENANT_LABEL));
    let selector = tenant.filter_map(|entry| {
        let value = entry.value.text().filter(|value| !value.is_empty() && !value.contains(['*', '?']))?;
        Some(TenantSelector { policy, key: TENANT_LABEL, value, place: &entry.value })
    });
    selector.collect()
}
