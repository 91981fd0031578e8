//! All roles and bindings of a cluster, with an index by subject.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use smol_str::SmolStr;

use super::aggregate::aggregate;
use super::binding::{Binding, Subject};
use super::given::Given;
use super::request::User;
use super::role::{Role, RoleId};
use crate::object::Object;

/// How much of an object is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// All.
    Known,
    /// All but the fields that hold variables.
    OpenValues,
    /// Anything in it may be different.
    Open,
}

/// A role or a binding of the fleet.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    pub object: &'a Arc<Object>,
    pub certainty: Certainty,
    /// Who applies it, as the caller numbers them.
    pub by: Option<usize>,
}

/// The roles and bindings of a cluster.
#[derive(Debug, Default)]
pub struct Policy {
    roles: BTreeMap<RoleId, Role>,
    bindings: Vec<Bound>,
    /// The positions of the bindings that name a user, accounts by their user names.
    by_user: HashMap<SmolStr, Vec<usize>>,
    by_group: HashMap<SmolStr, Vec<usize>>,
    /// Those of the bindings of which not all is known.
    open: Vec<usize>,
}

/// A binding, and what the fleet knows of it.
#[derive(Debug)]
pub(super) struct Bound {
    pub binding: Binding,
    pub certainty: Certainty,
    pub by: Option<usize>,
    /// Why the role that it names may be there although no file shows it.
    pub missing: Option<SmolStr>,
}

impl Policy {
    /// Puts together what others bring (`given`) and what the fleet holds. `may_exist` says why a role that is in neither
    /// may be on the cluster all the same.
    pub fn new<'a>(
        given: &[&Given],
        entries: impl Iterator<Item = Entry<'a>>,
        may_exist: impl Fn(&RoleId) -> Option<SmolStr>,
    ) -> Self {
        let mut policy = Self::default();
        for role in given.iter().flat_map(|given| &given.roles) {
            policy.roles.entry(role.id.clone()).or_insert_with(|| role.clone());
        }
        let mut own: BTreeMap<RoleId, Role> = BTreeMap::new();
        for entry in entries {
            match entry.object.id.kind.as_str() {
                "Role" | "ClusterRole" => {
                    let role = role_of(entry);
                    own.entry(role.id.clone()).or_insert(role);
                }
                _ => policy.bindings.push(Bound::of(Binding::read(entry.object), entry.certainty, entry.by)),
            }
        }
        // The fleet's own come first, so that proofs name them.
        let given = given.iter().flat_map(|given| &given.bindings);
        policy.bindings.extend(given.map(|binding| Bound::of(binding.clone(), Certainty::Known, None)));
        for (id, mut role) in own {
            policy.roles.get(&id).into_iter().for_each(|given| role.add(given));
            policy.roles.insert(id, role);
        }
        aggregate(&mut policy.roles);
        policy.index(may_exist);
        policy
    }

    fn index(&mut self, may_exist: impl Fn(&RoleId) -> Option<SmolStr>) {
        for (position, bound) in self.bindings.iter_mut().enumerate() {
            if let Some(id) = bound.binding.role.as_ref().filter(|id| !self.roles.contains_key(*id)) {
                bound.missing = may_exist(id);
            }
            if bound.certainty != Certainty::Known {
                self.open.push(position);
                continue;
            }
            for subject in &bound.binding.subjects {
                let positions = match (subject, subject.user_name()) {
                    (Subject::Group(group), _) => self.by_group.entry(group.clone()).or_default(),
                    (_, Some(name)) => self.by_user.entry(name).or_default(),
                    _ => continue,
                };
                if positions.last() != Some(&position) {
                    positions.push(position);
                }
            }
        }
    }

    /// A role by its identity.
    pub fn role(&self, id: &RoleId) -> Option<&Role> {
        self.roles.get(id)
    }

    /// All roles.
    pub fn roles(&self) -> impl Iterator<Item = &Role> {
        self.roles.values()
    }

    /// All bindings of which all is known.
    pub fn bindings(&self) -> impl Iterator<Item = &Binding> {
        self.bindings.iter().filter(|bound| bound.certainty == Certainty::Known).map(|bound| &bound.binding)
    }

    /// The bindings that name a user or a group of the user, each with the first subject that does; cluster-wide ones first.
    pub(super) fn bindings_of(&self, user: &User) -> Vec<(&Bound, usize)> {
        let by_group = user.groups.iter().filter_map(|group| self.by_group.get(group));
        let positions = self.by_user.get(&user.name).into_iter().chain(by_group).flatten();
        let mut positions: Vec<usize> = positions.copied().collect();
        positions.sort_unstable();
        positions.dedup();
        let found = positions.into_iter().filter_map(|position| {
            let bound = self.bindings.get(position)?;
            let subject = bound.binding.subjects.iter().position(|it| names(it, user))?;
            Some((bound, subject))
        });
        let mut found: Vec<(&Bound, usize)> = found.collect();
        found.sort_by_key(|(bound, _)| !bound.binding.is_cluster_wide());
        found
    }

    /// The bindings of which not all is known.
    pub(super) fn open_bindings(&self) -> impl Iterator<Item = &Bound> {
        self.open.iter().filter_map(|position| self.bindings.get(*position))
    }
}

impl Bound {
    fn of(binding: Binding, certainty: Certainty, by: Option<usize>) -> Self {
        Self { binding, certainty, by, missing: None }
    }
}

/// Whether a subject is a user or one of its groups.
fn names(subject: &Subject, user: &User) -> bool {
    match subject {
        Subject::Group(group) => user.is_in(group),
        subject => subject.user_name().is_some_and(|name| name == user.name),
    }
}

fn role_of(entry: Entry<'_>) -> Role {
    let mut role = Role::read(entry.object);
    role.by = entry.by;
    match entry.certainty {
        Certainty::Known => return role,
        Certainty::OpenValues => {}
        Certainty::Open => role.rules.clear(),
    }
    role.open = Some(smol_str::format_smolstr!("not all of {} is known", entry.object.id));
    role
}
