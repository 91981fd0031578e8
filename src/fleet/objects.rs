//! All objects of a cluster: a list, and what finds some of them without looking at all.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use super::applied::{Applied, Contents, Kinds, add};
use super::cluster_object::{AppliedBy, ClusterObject};
use super::identities::{self, Identities};
use super::reconciler::ReconcilerId;
use super::roles::{Role, Roles};
use crate::object::Object;

/// The objects of a cluster, in the order of the reconcilers; one that two reconcilers apply is here twice.
#[derive(Debug, Default)]
pub struct Objects {
    list: Vec<ClusterObject>,
    /// The first of each identity.
    by_id: Identities,
    roles: Roles,
    /// Where what a reconciler applies begins, with the index of it.
    blocks: Vec<(usize, Arc<Contents>)>,
    /// The objects that are in no block.
    others: Vec<u32>,
    by_kind: OnceLock<Kinds>,
}

impl Deref for Objects {
    type Target = [ClusterObject];

    fn deref(&self) -> &[ClusterObject] {
        &self.list
    }
}

impl<'a> IntoIterator for &'a Objects {
    type Item = &'a ClusterObject;
    type IntoIter = std::slice::Iter<'a, ClusterObject>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.iter()
    }
}

impl Objects {
    /// An object by the parts of its identity (group, kind, namespace, name): the first one where several are applied.
    pub(super) fn find(&self, parts: [&str; 4]) -> Option<&ClusterObject> {
        self.index_of(identities::hash_of(parts), parts).map(|index| &self.list[index])
    }

    /// The objects of a group and kind.
    pub(super) fn of_kind<'a>(&'a self, group: &str, kind: &str) -> impl Iterator<Item = &'a ClusterObject> + use<'a> {
        let groups = self.by_kind().get(kind).map(Vec::as_slice).unwrap_or_default();
        let found = groups.iter().find(|(known, _)| known == group);
        found.into_iter().flat_map(|(_, indexes)| indexes).map(|&index| &self.list[index as usize])
    }

    /// The objects of the kinds (group and kind) that are wanted.
    pub fn of_kinds(&self, is_wanted: impl Fn(&str, &str) -> bool) -> impl Iterator<Item = &ClusterObject> {
        let kinds = self.by_kind().iter().flat_map(|(kind, groups)| groups.iter().map(move |it| (kind, it)));
        let wanted = kinds.filter(|(kind, (group, _))| is_wanted(group, kind));
        let mut indexes: Vec<u32> = wanted.flat_map(|(_, (_, indexes))| indexes).copied().collect();
        indexes.sort_unstable();
        indexes.into_iter().map(|index| &self.list[index as usize])
    }

    /// The kinds of the objects, in any order.
    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        self.by_kind().keys().map(|kind| kind.as_str())
    }

    /// The objects that no reconciler applies as they are: seeds, copies, and those that copies fill.
    pub fn beside_applied(&self) -> impl Iterator<Item = &ClusterObject> {
        let others = self.others.iter().map(|&index| &self.list[index as usize]);
        others.chain(self.with_role(Role::Spreads))
    }

    /// The objects of a role.
    pub(super) fn with_role(&self, role: Role) -> impl Iterator<Item = &ClusterObject> + Clone {
        self.roles.of(role).map(|index| &self.list[index])
    }

    /// The same, as indexes.
    pub(super) fn indexes_with_role(&self, role: Role) -> Vec<usize> {
        self.roles.of(role).collect()
    }

    /// An object to be changed; its identity and its roles stay.
    pub(super) fn get_mut(&mut self, index: usize) -> &mut ClusterObject {
        &mut self.list[index]
    }

    /// Adds an object unless one of its identity is there.
    pub(super) fn add_missing(&mut self, placed: ClusterObject) -> Option<Placed> {
        self.find(placed.object.id.parts()).is_none().then(|| self.add(placed))
    }

    /// Adds an object that is in no block.
    pub(super) fn add(&mut self, object: ClusterObject) -> Placed {
        self.by_kind.take();
        let (hash, roles) = (identities::hash_of(object.object.id.parts()), Role::of(&object.object));
        let placed = self.place(object, hash, roles);
        if !placed.is_replaced {
            self.others.extend(u32::try_from(placed.index));
        }
        placed
    }

    /// Adds what a reconciler applies, and says what became of those that matter to others.
    pub(super) fn add_block(&mut self, applied: &Applied, id: ReconcilerId) -> Vec<Placed> {
        self.by_kind.take();
        let (start, contents) = (self.list.len(), &applied.contents);
        self.list.reserve(applied.len());
        self.by_id.reserve(applied.len());
        let mut roles = contents.roles.iter().copied().peekable();
        let mut told = Vec::new();
        for ((position, hash), (object, settled)) in (0..).zip(&contents.hashes).zip(applied.placed()) {
            let roles = roles.next_if(|(at, _)| *at == position).map_or(0, |(_, roles)| roles);
            let by = AppliedBy::Reconciler(id);
            let placed = self.place(ClusterObject { object: Arc::clone(object), by, settled }, *hash, roles);
            told.extend((roles != 0 || placed.is_replaced).then_some(placed));
        }
        let is_whole = self.list.len() - start == applied.len();
        match is_whole {
            true => self.blocks.push((start, Arc::clone(contents))),
            false => self.others.extend((start..self.list.len()).filter_map(|index| u32::try_from(index).ok())),
        }
        told
    }

    /// Adds an object at the end. What a reconciler makes takes the place of what bootstrap made of the same name.
    fn place(&mut self, object: ClusterObject, hash: u32, roles: u8) -> Placed {
        let known = self.index_of(hash, object.object.id.parts());
        if let Some(index) = known.filter(|&index| object.settled && self.list[index].by == AppliedBy::Bootstrap) {
            self.list[index] = object;
            self.roles.add(index, roles);
            return Placed { index, is_first: false, is_replaced: true };
        }
        let index = self.list.len();
        if known.is_none() {
            self.by_id.insert(hash, index);
        }
        self.roles.add(index, roles);
        self.list.push(object);
        Placed { index, is_first: known.is_none(), is_replaced: false }
    }

    fn index_of(&self, hash: u32, parts: [&str; 4]) -> Option<usize> {
        self.by_id.find(hash, |index| self.list[index].object.id.parts() == parts)
    }

    fn by_kind(&self) -> &Kinds {
        self.by_kind.get_or_init(|| {
            let mut kinds = Kinds::new();
            for (start, contents) in &self.blocks {
                let Ok(start) = u32::try_from(*start) else { continue };
                for (kind, groups) in &contents.kinds {
                    for (group, positions) in groups {
                        add(&mut kinds, group, kind, positions.iter().map(|position| start + position));
                    }
                }
            }
            for &index in &self.others {
                let Object { id, .. } = &*self.list[index as usize].object;
                add(&mut kinds, &id.group, &id.kind, [index]);
            }
            kinds.values_mut().flatten().for_each(|(_, indexes)| indexes.sort());
            kinds
        })
    }
}

/// What became of an object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    pub index: usize,
    /// It is the first of its identity.
    pub is_first: bool,
    /// It took the place of another one.
    pub is_replaced: bool,
}
