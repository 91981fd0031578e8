//! The objects that matter to others: few among many, so that nobody has to look at all objects to find them.

use super::namespaced::is_namespaced;
use super::secret_producers;
use super::tenant_label::tenant_label;
use crate::flux::api::{FluxInstance, HelmRelease, Kustomization, ResourceSet, group};
use crate::flux::propagation;
use crate::object::Object;

/// What an object may do besides being there. Only its identity and its metadata decide, never what is below `spec`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// It applies others.
    Reconciler,
    Namespace,
    /// An ArtifactGenerator.
    Generator,
    /// A ResourceSetInputProvider.
    Provider,
    /// It makes a Secret in the cluster.
    SecretMaker,
    /// A policy or an annotation that copies objects, or an object that annotations may copy.
    Spreads,
    /// It has the label of a tenant.
    Labelled,
    /// A policy of Kyverno.
    Policy,
    /// Its kind is in a namespace, and it is in none.
    WithoutNamespace,
}

const ALL: [Role; 9] = [
    Role::Reconciler,
    Role::Namespace,
    Role::Generator,
    Role::Provider,
    Role::SecretMaker,
    Role::Spreads,
    Role::Labelled,
    Role::Policy,
    Role::WithoutNamespace,
];

impl Role {
    /// The roles of an object, one bit for each.
    pub(super) fn of(object: &Object) -> u16 {
        let bits = ALL.iter().filter(|role| role.is_of(object)).map(|role| 1 << *role as u16);
        bits.fold(0, |all, bit| all | bit)
    }

    fn is_of(self, object: &Object) -> bool {
        match self {
            Self::Reconciler => {
                Kustomization::of(object).is_some()
                    || HelmRelease::of(object).is_some()
                    || ResourceSet::of(object).is_some()
                    || FluxInstance::of(object).is_some()
            }
            Self::Namespace => object.is("", "Namespace"),
            Self::Generator => object.is(group::SOURCE_EXTENSIONS, "ArtifactGenerator"),
            Self::Provider => object.is(group::OPERATOR, "ResourceSetInputProvider"),
            Self::SecretMaker => secret_producers::may_make(object),
            Self::Spreads => propagation::may_spread(object) || secret_producers::may_make(object),
            Self::Labelled => tenant_label(object).is_some(),
            Self::Policy => propagation::is_of_kyverno(object),
            Self::WithoutNamespace => {
                object.id.namespace.is_empty() && is_namespaced(&object.id.group, &object.id.kind)
            }
        }
    }
}

/// Objects by their roles: indexes, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Roles {
    by_role: [Vec<u32>; ALL.len()],
}

impl Roles {
    /// Adds an object; one that is there already stays.
    pub(super) fn add(&mut self, index: usize, roles: u16) {
        let Ok(index) = u32::try_from(index) else { return };
        for (role, list) in self.by_role.iter_mut().enumerate().filter(|(role, _)| roles & (1 << role) != 0) {
            debug_assert!(role < ALL.len());
            match list.last() {
                Some(last) if *last >= index => _ = list.binary_search(&index).map_err(|at| list.insert(at, index)),
                _ => list.push(index),
            }
        }
    }

    /// The objects of a role.
    pub(super) fn of(&self, role: Role) -> impl Iterator<Item = usize> + Clone {
        self.by_role[role as usize].iter().map(|&index| index as usize)
    }
}
