//! Aggregation: a ClusterRole that gathers the rules of others by their labels.

use std::collections::BTreeMap;
use std::sync::Arc;

use smol_str::SmolStr;

use super::role::{GrantedRule, Role, RoleId};

/// Replaces the rules of all ClusterRoles that gather others, as the controller does: those of the ClusterRoles that their
/// selectors select, in the order of the names, until nothing changes. What is written beside an aggregation rule is lost.
pub(super) fn aggregate(roles: &mut BTreeMap<RoleId, Role>) {
    let gathering: Vec<(RoleId, Vec<RoleId>)> = roles
        .values()
        .filter(|role| role.id.namespace.is_empty() && role.gathers.is_some())
        .map(|role| (role.id.clone(), gathered(role, roles)))
        .collect();
    for (id, _) in &gathering {
        roles.get_mut(id).into_iter().for_each(|role| role.rules.clear());
    }
    // Each pass carries rules at least one step further along a chain.
    for _ in 0..=gathering.len() {
        let mut is_changed = false;
        for (id, from) in &gathering {
            let (rules, open) = union(from, roles);
            let Some(role) = roles.get_mut(id) else { continue };
            is_changed |= rules.len() != role.rules.len() || role.open.is_none() && open.is_some();
            role.rules = rules;
            role.open = role.open.take().or(open);
        }
        if !is_changed {
            return;
        }
    }
}

/// The ClusterRoles that a role gathers, itself excluded.
fn gathered(into: &Role, roles: &BTreeMap<RoleId, Role>) -> Vec<RoleId> {
    let is_selected = |role: &Role| {
        let is_any = role.open.is_some() && role.rules.is_empty();
        is_any || into.gathers.iter().flatten().any(|selector| selector.selects(&role.labels))
    };
    let others = roles.values().filter(|role| role.id.namespace.is_empty() && role.id != into.id);
    others.filter(|role| is_selected(role)).map(|role| role.id.clone()).collect()
}

/// The rules of some roles, equal ones once, and why they may be more.
fn union(from: &[RoleId], roles: &BTreeMap<RoleId, Role>) -> (Vec<Arc<GrantedRule>>, Option<SmolStr>) {
    let (mut rules, mut open) = (Vec::<Arc<GrantedRule>>::new(), None);
    let mut known = std::collections::HashSet::new();
    for role in from.iter().filter_map(|id| roles.get(id)) {
        let new = role.rules.iter().filter(|granted| known.insert(granted.rule.clone()));
        rules.extend(new.cloned());
        open = open.or_else(|| role.open.clone());
    }
    (rules, open)
}
