//! Who is bound to what.

use crate::fleet::{Cluster, ClusterObject, Identity, Reconciler};
use crate::flux::api::group;
use crate::yaml::Node;

/// The group of all service accounts; with `:NAMESPACE` those of one namespace.
const ALL_ACCOUNTS: &str = "system:serviceaccounts";

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

impl Cluster {
    /// The service accounts that bindings of the cluster name, each with its binding.
    pub fn bound_accounts(&self) -> impl Iterator<Item = BoundAccount<'_>> {
        self.bindings().flat_map(accounts_of)
    }

    /// The settled role bindings of the cluster.
    fn bindings(&self) -> impl Iterator<Item = ClusterObject<'_>> {
        let is_binding =
            |group: &str, kind: &str| group == group::RBAC && matches!(kind, "RoleBinding" | "ClusterRoleBinding");
        self.objects.of_kinds(is_binding).filter(|placed| placed.settled)
    }

    /// The groups that bindings of the cluster name.
    pub(in crate::fleet) fn bound_groups(&self) -> impl Iterator<Item = &str> {
        let subjects = self.bindings().flat_map(|it| it.object.at("/subjects").map(Node::items).unwrap_or_default());
        let groups = subjects.filter(|subject| subject.get("kind").and_then(Node::text) == Some("Group"));
        groups.filter_map(|subject| subject.get("name").and_then(Node::text))
    }

    /// The service accounts of a name, in any namespace.
    pub fn accounts_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = ClusterObject<'a>> {
        self.of_kind("", "ServiceAccount").filter(move |placed| placed.object.id.name == name)
    }

    /// Whether a reconciler runs as the lockdown's default service account and nothing that is known gives it any right.
    pub fn applies_without_rights(&self, reconciler: &Reconciler) -> bool {
        let Identity::Default(name) = &reconciler.identity else { return false };
        let namespace = reconciler.object.id.namespace.as_str();
        let index = self.index();
        let is_account = index.bound_accounts.contains(&(namespace.into(), name.clone()));
        let groups = [ALL_ACCOUNTS, "system:authenticated", &format!("{ALL_ACCOUNTS}:{namespace}")];
        !is_account && !groups.iter().any(|group| index.bound_groups.contains(*group))
    }
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
