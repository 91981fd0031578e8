//! Who is bound to what, and who may do what.

mod applies;
mod policy;
mod rights;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use smol_str::SmolStr;

use crate::fleet::{Cluster, ClusterObject, Identity, Reconciler};
use crate::flux::api::group;
use crate::near;
use crate::object::{Object, ObjectId};
use crate::rbac::{ALL_ACCOUNTS, AUTHENTICATED, FoundRole, Judge, Policy, Resource, RoleId, Written};
use crate::yaml::Node;

pub use rights::Rights;

/// The bindings of a cluster, and the accounts and groups that they name.
#[derive(Clone, Copy, Debug)]
pub struct Rbac<'a> {
    cluster: &'a Cluster,
    index: &'a RbacIndex,
}

/// What bindings name.
#[derive(Debug)]
pub(in crate::fleet) struct RbacIndex {
    /// The service accounts: namespace and name.
    accounts: HashSet<(SmolStr, SmolStr)>,
    groups: HashSet<SmolStr>,
    /// All roles and bindings, for the authorizer.
    policy: OnceLock<Policy>,
    /// The resources of custom kinds, by group and kind.
    defined: OnceLock<HashMap<(SmolStr, SmolStr), Resource>>,
    /// See [`Rbac::rights_before`].
    below: OnceLock<HashMap<usize, Vec<usize>>>,
}

impl RbacIndex {
    fn of(cluster: &Cluster) -> Self {
        let accounts = bindings(cluster).flat_map(accounts_of);
        Self {
            accounts: accounts.map(|bound| (bound.namespace.into(), bound.name.into())).collect(),
            groups: bindings(cluster).flat_map(groups_of).map(SmolStr::from).collect(),
            policy: OnceLock::new(),
            defined: OnceLock::new(),
            below: OnceLock::new(),
        }
    }
}

impl Cluster {
    /// The facet of bindings.
    pub fn rbac(&self) -> Rbac<'_> {
        Rbac { cluster: self, index: self.facets.rbac.get_or_init(|| RbacIndex::of(self)) }
    }
}

/// A service account as a binding's subject.
#[derive(Clone, Copy, Debug)]
pub struct BoundAccount<'a> {
    /// The binding.
    pub binding: ClusterObject<'a>,
    /// The subject's place in `subjects`.
    pub index: usize,
    /// The subject's namespace; the binding's own where a RoleBinding names none.
    pub namespace: &'a str,
    pub name: &'a str,
}

impl<'a> BoundAccount<'a> {
    /// The binding covers the whole cluster.
    pub fn is_cluster_wide(&self) -> bool {
        self.binding.object.id.kind == "ClusterRoleBinding"
    }

    /// The role that is bound: kind and name.
    pub fn role(&self) -> (&'a str, &'a str) {
        let text = |pointer| self.binding.object.str(pointer).unwrap_or_default();
        (text("/roleRef/kind"), text("/roleRef/name"))
    }
}

impl<'a> Rbac<'a> {
    /// All roles and bindings that are known, those of the API server and of Flux included.
    pub fn policy(self) -> &'a Policy {
        self.index.policy.get_or_init(|| policy::policy(self.cluster, &[]))
    }

    /// A role, or why it may be there although nothing that is known creates it.
    pub fn find_role(self, id: &RoleId) -> FoundRole<'a> {
        self.rights().role(id)
    }

    /// The ClusterRole of every API server that is one edit away from a name.
    pub fn near_given_role(self, id: &RoleId) -> Option<&'a str> {
        let given = self.policy().roles().filter(|role| matches!(role.written, Written::ApiServer));
        let mut names = given.filter(|role| role.id.namespace == id.namespace).map(|role| role.id.name.as_str());
        names.find(|name| near::edits_within(name, &id.name, 1).is_some())
    }

    /// The same with ClusterRoles that are about to be applied.
    pub fn policy_with(self, more: &[Arc<Object>]) -> Policy {
        policy::policy(self.cluster, more)
    }

    /// The service accounts that bindings of the cluster name, each with its binding.
    pub fn bound_accounts(self) -> impl Iterator<Item = BoundAccount<'a>> {
        bindings(self.cluster).flat_map(accounts_of)
    }

    /// The bindings that name an account and hold in a namespace.
    pub fn bindings_in(self, namespace: &'a str, account: &'a ObjectId) -> impl Iterator<Item = &'a Object> {
        let named = self.bound_accounts().filter(|it| it.namespace == account.namespace && it.name == account.name);
        let there = named.filter(move |it| it.is_cluster_wide() || it.binding.object.id.namespace == namespace);
        there.map(|it| it.binding.object)
    }

    /// The service accounts of a name, in any namespace.
    pub fn accounts_named(self, name: &'a str) -> impl Iterator<Item = ClusterObject<'a>> {
        self.cluster.of_kind("", "ServiceAccount").filter(move |placed| placed.object.id.name == name)
    }

    /// Whether a reconciler runs as the lockdown's default service account and nothing that is known gives it any right.
    pub fn applies_without_rights(self, reconciler: &Reconciler) -> bool {
        let Identity::Default(name) = &reconciler.identity else { return false };
        let namespace = reconciler.object.id.namespace.as_str();
        let is_account = self.index.accounts.contains(&(namespace.into(), name.clone()));
        let groups = [ALL_ACCOUNTS, AUTHENTICATED, &format!("{ALL_ACCOUNTS}:{namespace}")];
        !is_account && !groups.iter().any(|group| self.index.groups.contains(*group))
    }
}

/// The settled role bindings of a cluster.
fn bindings(cluster: &Cluster) -> impl Iterator<Item = ClusterObject<'_>> {
    let is_binding =
        |group: &str, kind: &str| group == group::RBAC && matches!(kind, "RoleBinding" | "ClusterRoleBinding");
    cluster.objects.of_kinds(is_binding).filter(|placed| placed.settled)
}

/// The groups that a binding names.
fn groups_of(binding: ClusterObject<'_>) -> impl Iterator<Item = &str> {
    let subjects = binding.object.at("/subjects").map(Node::items).unwrap_or_default().iter();
    let groups = subjects.filter(|subject| subject.get("kind").and_then(Node::text) == Some("Group"));
    groups.filter_map(|subject| subject.get("name").and_then(Node::text))
}

fn accounts_of(binding: ClusterObject<'_>) -> Vec<BoundAccount<'_>> {
    let subjects = binding.object.at("/subjects").map(Node::items).unwrap_or_default();
    let mut found = Vec::new();
    for (index, subject) in subjects.iter().enumerate() {
        let text = |key: &str| subject.get(key).and_then(Node::text);
        if text("kind") == Some("ServiceAccount") {
            let namespace = text("namespace").unwrap_or(&binding.object.id.namespace);
            found.push(BoundAccount { binding, index, namespace, name: text("name").unwrap_or_default() });
        }
    }
    found
}
