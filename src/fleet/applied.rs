//! What a reconciler applies, and an index of it: made once, shared by all clusters on which it is the same.

use std::collections::{HashMap, HashSet};
use std::ops::Deref;
use std::sync::Arc;

use smol_str::SmolStr;

use super::identities;
use super::roles::Role;
use crate::object::Object;

/// The objects that a reconciler applies, in the order of the build.
#[derive(Debug, Default)]
pub struct Applied {
    objects: Box<[Arc<Object>]>,
    /// For each object, whether all of it is known.
    settled: Box<[bool]>,
    pub(super) contents: Arc<Contents>,
}

impl Deref for Applied {
    type Target = [Arc<Object>];

    fn deref(&self) -> &[Arc<Object>] {
        &self.objects
    }
}

impl Applied {
    /// Objects, and whether all of each is known.
    pub(super) fn new(objects: Vec<(Arc<Object>, bool)>) -> Self {
        let contents = Contents::of(objects.iter().map(|(object, _)| &**object));
        Self::with_contents(objects, Arc::new(contents))
    }

    /// The same, of objects whose index is at hand.
    pub(super) fn with_contents(objects: Vec<(Arc<Object>, bool)>, contents: Arc<Contents>) -> Self {
        let (objects, settled): (Vec<_>, Vec<_>) = objects.into_iter().unzip();
        Self { objects: objects.into(), settled: settled.into(), contents }
    }

    /// An object, and whether all of it is known.
    pub(super) fn get_placed(&self, position: usize) -> Option<(&Arc<Object>, bool)> {
        Some((self.objects.get(position)?, *self.settled.get(position)?))
    }

    /// An object of each namespace.
    pub(super) fn of_each_namespace(&self) -> impl Iterator<Item = &Arc<Object>> {
        self.contents.namespaces.iter().filter_map(|position| self.objects.get(*position as usize))
    }

    /// An object of each kind.
    pub(super) fn of_each_kind(&self) -> impl Iterator<Item = &Arc<Object>> {
        let groups = self.contents.kinds.values().flatten();
        groups.filter_map(|(_, positions)| self.objects.get(*positions.first()? as usize))
    }

    /// Each object, and whether all of it is known.
    pub(super) fn placed(&self) -> impl Iterator<Item = (&Arc<Object>, bool)> {
        self.objects.iter().zip(self.settled.iter().copied())
    }
}

/// Positions by kind, then by group.
pub(super) type Kinds = HashMap<SmolStr, Vec<(SmolStr, Vec<u32>)>>;

/// What the identities and the metadata of some objects tell: it is the same for all values of the variables that are
/// used elsewhere in them.
#[derive(Debug, Default)]
pub(super) struct Contents {
    /// See [`identities::hash_of`].
    pub(super) hashes: Box<[u32]>,
    pub(super) kinds: Kinds,
    /// The position of the first object in each namespace.
    pub(super) namespaces: Box<[u32]>,
    /// The positions of objects with roles.
    pub(super) roles: Vec<(u32, u16)>,
}

impl Contents {
    pub(super) fn of<'a>(objects: impl Iterator<Item = &'a Object>) -> Self {
        let (mut hashes, mut kinds, mut all_roles) = (Vec::new(), Kinds::new(), Vec::new());
        let (mut namespaces, mut seen) = (Vec::new(), HashSet::new());
        for (position, object) in (0..).zip(objects) {
            hashes.push(identities::hash_of(object.id.parts()));
            add(&mut kinds, &object.id.group, &object.id.kind, [position]);
            if !object.id.namespace.is_empty() && !seen.contains(&object.id.namespace) {
                seen.insert(object.id.namespace.clone());
                namespaces.push(position);
            }
            let roles = Role::of(object);
            all_roles.extend((roles != 0).then_some((position, roles)));
        }
        Self { hashes: hashes.into(), kinds, namespaces: namespaces.into(), roles: all_roles }
    }
}

/// Adds positions of a kind.
pub(super) fn add(kinds: &mut Kinds, group: &SmolStr, kind: &SmolStr, positions: impl IntoIterator<Item = u32>) {
    if !kinds.contains_key(kind) {
        kinds.insert(kind.clone(), Vec::new());
    }
    let Some(groups) = kinds.get_mut(kind) else { return };
    match groups.iter_mut().find(|(known, _)| known == group) {
        Some((_, known)) => known.extend(positions),
        None => groups.push((group.clone(), positions.into_iter().collect())),
    }
}
