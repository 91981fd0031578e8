//! Bindings: which subjects have which role, and where.

use std::sync::Arc;

use smol_str::SmolStr;

use super::request::account_name;
use super::role::{RoleId, Written};
use crate::object::Object;
use crate::yaml::Node;

/// A RoleBinding or a ClusterRoleBinding.
#[derive(Clone, Debug)]
pub struct Binding {
    /// Empty for a ClusterRoleBinding.
    pub namespace: SmolStr,
    pub name: SmolStr,
    /// `None` where it names no role that a binding of its kind can name.
    pub role: Option<RoleId>,
    pub subjects: Vec<Subject>,
    pub written: Written,
}

/// Whom a binding names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    User(SmolStr),
    /// A service account: namespace and name.
    Account(SmolStr, SmolStr),
    Group(SmolStr),
    /// Nobody: a kind that is not known, or a service account without a namespace.
    Nobody,
}

impl Binding {
    /// Reads an object that is a RoleBinding or a ClusterRoleBinding.
    pub(super) fn read(object: &Arc<Object>) -> Self {
        let is_cluster_wide = object.id.kind == "ClusterRoleBinding";
        let namespace = if is_cluster_wide { "".into() } else { object.id.namespace.clone() };
        let subjects = object.at("/subjects").map(Node::items).unwrap_or_default();
        Self {
            role: referenced(object, &namespace),
            subjects: subjects.iter().map(|subject| Subject::read(subject, &namespace)).collect(),
            name: object.id.name.clone(),
            namespace,
            written: Written::Object(Arc::clone(object)),
        }
    }

    /// Whether it holds on the whole cluster.
    pub fn is_cluster_wide(&self) -> bool {
        self.namespace.is_empty()
    }

    /// `RoleBinding` or `ClusterRoleBinding`.
    pub fn kind(&self) -> &'static str {
        if self.is_cluster_wide() { "ClusterRoleBinding" } else { "RoleBinding" }
    }
}

impl Subject {
    /// A service account without a namespace is in that of its binding; a ClusterRoleBinding has none.
    fn read(node: &Node, namespace: &str) -> Self {
        let text = |key: &str| node.get(key).and_then(Node::text_if_set).unwrap_or_default();
        let own = Some(text("namespace")).filter(|own| !own.is_empty()).unwrap_or(namespace);
        Self::of(text("kind"), text("name"), own)
    }

    /// A subject by its kind and name, and the namespace of a service account.
    pub(super) fn of(kind: &str, name: &str, namespace: &str) -> Self {
        match kind {
            "User" => Self::User(name.into()),
            "Group" => Self::Group(name.into()),
            "ServiceAccount" if !namespace.is_empty() => Self::Account(namespace.into(), name.into()),
            _ => Self::Nobody,
        }
    }

    /// The user name that it stands for.
    pub fn user_name(&self) -> Option<SmolStr> {
        match self {
            Self::User(name) => Some(name.clone()),
            Self::Account(namespace, name) => Some(account_name(namespace, name)),
            Self::Group(_) | Self::Nobody => None,
        }
    }
}

/// The role that an object names, if it is a binding.
pub fn referenced_role(binding: &Object) -> Option<RoleId> {
    let namespace = if binding.id.kind == "ClusterRoleBinding" { "" } else { binding.id.namespace.as_str() };
    referenced(binding, namespace)
}

/// The role that a binding names. A Role is always one of its own namespace.
pub(super) fn referenced(object: &Object, namespace: &str) -> Option<RoleId> {
    let name = object.str("/roleRef/name")?;
    match object.str("/roleRef/kind")? {
        "ClusterRole" => Some(RoleId::cluster(name)),
        "Role" if !namespace.is_empty() => Some(RoleId { namespace: namespace.into(), name: name.into() }),
        _ => None,
    }
}
