//! Roles, and their rules with the places where these are written.

use std::sync::Arc;

use smol_str::SmolStr;

use super::rule::PolicyRule;
use super::selector::{Labels, Selector, labels_of};
use crate::object::Object;
use crate::yaml::Node;

/// Where a role or a binding comes from.
#[derive(Clone, Debug)]
pub enum Written {
    /// An object of the fleet.
    Object(Arc<Object>),
    /// The API server creates it.
    ApiServer,
    /// Whoever installs Flux creates it.
    Flux,
}

impl Written {
    /// The object of the fleet.
    pub fn object(&self) -> Option<&Arc<Object>> {
        match self {
            Self::Object(object) => Some(object),
            Self::ApiServer | Self::Flux => None,
        }
    }
}

/// What identifies a Role or a ClusterRole.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoleId {
    /// Empty for a ClusterRole.
    pub namespace: SmolStr,
    pub name: SmolStr,
}

impl RoleId {
    /// A ClusterRole.
    pub fn cluster(name: &str) -> Self {
        Self { namespace: "".into(), name: name.into() }
    }

    /// `Role` or `ClusterRole`.
    pub fn kind(&self) -> &'static str {
        if self.namespace.is_empty() { "ClusterRole" } else { "Role" }
    }
}

/// A rule, and who wrote it.
#[derive(Clone, Debug)]
pub struct GrantedRule {
    pub rule: PolicyRule,
    /// The role in which it is written: by aggregation it may be in effect in others.
    pub role: RoleId,
    pub written: Written,
    /// Its position in `rules`.
    pub index: usize,
}

/// A Role or a ClusterRole.
#[derive(Clone, Debug)]
pub struct Role {
    pub id: RoleId,
    /// With aggregation, those that it gathers.
    pub rules: Vec<Arc<GrantedRule>>,
    pub written: Written,
    /// Who applies it, as the caller numbers them.
    pub by: Option<usize>,
    /// Why it may hold rules that nobody sees.
    pub open: Option<SmolStr>,
    pub(super) labels: Labels,
    /// The selectors of its aggregation rule.
    pub(super) gathers: Option<Vec<Selector>>,
}

impl Role {
    /// Reads an object that is a Role or a ClusterRole.
    pub(super) fn read(object: &Arc<Object>) -> Self {
        let namespace = if object.id.kind == "ClusterRole" { "".into() } else { object.id.namespace.clone() };
        let id = RoleId { namespace, name: object.id.name.clone() };
        let written = Written::Object(Arc::clone(object));
        let rules = object.at("/rules").map(Node::items).unwrap_or_default();
        let rule = |(index, node)| {
            let (role, written) = (id.clone(), written.clone());
            Arc::new(GrantedRule { rule: PolicyRule::read(node), role, written, index })
        };
        let rules = rules.iter().enumerate().map(rule).collect();
        let gathers = object.at("/aggregationRule").map(selectors);
        Self { rules, labels: labels_of(&object.root), gathers, open: None, by: None, written, id }
    }

    /// Adds what another object of the same name holds: the API server adds the rules of its own roles again whenever it
    /// starts.
    pub(super) fn add(&mut self, other: &Self) {
        self.rules.extend(other.rules.iter().cloned());
        self.labels.extend(other.labels.iter().cloned());
        self.gathers = self.gathers.take().or_else(|| other.gathers.clone());
    }
}

/// The selectors of an aggregation rule.
pub(super) fn selectors(rule: &Node) -> Vec<Selector> {
    let selectors = rule.get("clusterRoleSelectors").map(Node::items).unwrap_or_default();
    selectors.iter().map(Selector::read).collect()
}
