//! All objects of a cluster: a list, and what finds some of them without looking at all.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::applied::{Applied, Kinds, add};
use super::cluster_object::{AppliedBy, ClusterObject};
use super::identities::{self, Identities};
use super::reconciler::ReconcilerId;
use super::roles::{Role, Roles};
use crate::object::Object;

/// The objects of a cluster, in the order of the reconcilers; one that two reconcilers apply is here twice. They are known by
/// their positions.
///
/// What a reconciler applies is not copied into the list: clusters that apply the same share it.
#[derive(Debug, Default)]
pub struct Objects {
    /// In order; each begins where the one before it ends.
    parts: Vec<Part>,
    len: usize,
    /// What took the place of another object, or was changed on this cluster.
    replaced: BTreeMap<usize, Added>,
    /// The first of each identity.
    by_id: Identities,
    roles: Roles,
    /// The objects of which an earlier one has the identity.
    repeated: Vec<usize>,
    /// The objects that are in no block.
    others: Vec<u32>,
    /// The hashes of what bootstrap made, sorted.
    bootstrap: Vec<u32>,
    by_kind: OnceLock<Kinds>,
}

/// A part of the list.
#[derive(Debug)]
struct Part {
    start: usize,
    content: Content,
}

#[derive(Debug)]
enum Content {
    /// All that a reconciler applies.
    Block(Arc<Applied>, ReconcilerId),
    One(Added),
}

/// An object that is added by itself.
#[derive(Clone, Debug)]
pub(super) struct Added {
    pub object: Arc<Object>,
    pub by: AppliedBy,
    /// See [`ClusterObject::settled`].
    pub settled: bool,
}

impl Added {
    fn view(&self) -> ClusterObject<'_> {
        ClusterObject { object: &self.object, shared: &self.object, by: self.by, settled: self.settled }
    }
}

impl<'a> IntoIterator for &'a Objects {
    type Item = ClusterObject<'a>;
    type IntoIter = Box<dyn Iterator<Item = ClusterObject<'a>> + 'a>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}

impl Objects {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = ClusterObject<'_>> {
        self.parts.iter().flat_map(move |part| (0..part.content.len()).filter_map(move |at| self.in_part(part, at)))
    }

    /// An object by its position.
    pub fn get(&self, position: usize) -> Option<ClusterObject<'_>> {
        let part = self.parts.partition_point(|part| part.start <= position).checked_sub(1)?;
        let part = self.parts.get(part)?;
        self.in_part(part, position - part.start)
    }

    /// An object of a part.
    fn in_part<'a>(&'a self, part: &'a Part, at: usize) -> Option<ClusterObject<'a>> {
        if !self.replaced.is_empty()
            && let Some(other) = self.replaced.get(&(part.start + at))
        {
            return Some(other.view());
        }
        match &part.content {
            Content::One(added) => (at == 0).then(|| added.view()),
            Content::Block(applied, id) => {
                let (object, settled) = applied.get_placed(at)?;
                Some(ClusterObject { object, shared: object, by: AppliedBy::Reconciler(*id), settled })
            }
        }
    }

    /// An object by the parts of its identity (group, kind, namespace, name): the first one where several are applied.
    pub(super) fn find(&self, parts: [&str; 4]) -> Option<ClusterObject<'_>> {
        self.get(self.position_of(identities::hash_of(parts), parts)?)
    }

    /// The objects of a group and kind.
    pub(super) fn of_kind<'a>(&'a self, group: &str, kind: &str) -> impl Iterator<Item = ClusterObject<'a>> + use<'a> {
        let groups = self.by_kind().get(kind).map(Vec::as_slice).unwrap_or_default();
        let found = groups.iter().find(|(known, _)| known == group);
        found.into_iter().flat_map(|(_, positions)| positions).filter_map(|&position| self.get(position as usize))
    }

    /// The objects of the kinds (group and kind) that are wanted.
    pub fn of_kinds(&self, is_wanted: impl Fn(&str, &str) -> bool) -> impl Iterator<Item = ClusterObject<'_>> {
        let kinds = self.by_kind().iter().flat_map(|(kind, groups)| groups.iter().map(move |it| (kind, it)));
        let wanted = kinds.filter(|(kind, (group, _))| is_wanted(group, kind));
        let mut positions: Vec<u32> = wanted.flat_map(|(_, (_, positions))| positions).copied().collect();
        positions.sort_unstable();
        positions.into_iter().filter_map(|position| self.get(position as usize))
    }

    /// The kinds of the objects, in any order.
    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        self.by_kind().keys().map(|kind| kind.as_str())
    }

    /// The objects that no reconciler applies as they are: seeds, copies, and those that copies fill.
    pub fn beside_applied(&self) -> impl Iterator<Item = ClusterObject<'_>> {
        let others = self.others.iter().filter_map(|&position| self.get(position as usize));
        others.chain(self.with_role(Role::Spreads))
    }

    /// The objects of which an earlier one has the identity, each after that one.
    pub(super) fn repeated(&self) -> impl Iterator<Item = (ClusterObject<'_>, ClusterObject<'_>)> {
        let repeated = self.repeated.iter().filter_map(|position| self.get(*position));
        repeated.filter_map(|placed| Some((self.find(placed.object.id.parts())?, placed)))
    }

    /// The objects of a role.
    pub(super) fn with_role(&self, role: Role) -> impl Iterator<Item = ClusterObject<'_>> + Clone {
        self.roles.of(role).filter_map(|position| self.get(position))
    }

    /// The same, as positions.
    pub(super) fn positions_with_role(&self, role: Role) -> Vec<usize> {
        self.roles.of(role).collect()
    }

    /// Changes an object on this cluster; its identity and its roles stay.
    pub(super) fn change(&mut self, position: usize, object: Arc<Object>, settled: bool) {
        let by = self.get(position).map(|placed| placed.by);
        by.into_iter()
            .for_each(|by| _ = self.replaced.insert(position, Added { object: Arc::clone(&object), by, settled }));
    }

    /// Adds an object unless one of its identity is there.
    pub(super) fn add_missing(&mut self, added: Added) -> Option<Placed> {
        self.find(added.object.id.parts()).is_none().then(|| self.add(added))
    }

    /// Adds an object that is in no block. What a reconciler makes takes the place of what bootstrap made of the same name.
    pub(super) fn add(&mut self, added: Added) -> Placed {
        let (hash, roles) = (identities::hash_of(added.object.id.parts()), Role::of(&added.object));
        let known = self.position_of(hash, added.object.id.parts());
        if let Some(position) = known.filter(|position| added.settled && self.is_of_bootstrap(*position)) {
            self.replaced.insert(position, added);
            self.roles.add(position, roles);
            return Placed { position, is_first: false, is_replaced: true };
        }
        let (position, is_first) = (self.len, known.is_none());
        if added.by == AppliedBy::Bootstrap
            && let Err(at) = self.bootstrap.binary_search(&hash)
        {
            self.bootstrap.insert(at, hash);
        }
        if is_first {
            self.by_id.insert(hash, position);
        } else {
            self.repeated.push(position);
        }
        self.by_kind.take();
        self.roles.add(position, roles);
        self.others.extend(u32::try_from(position));
        self.parts.push(Part { start: position, content: Content::One(added) });
        self.len += 1;
        Placed { position, is_first, is_replaced: false }
    }

    /// Adds what a reconciler applies, and says what became of those that matter to others.
    pub(super) fn add_block(&mut self, applied: &Arc<Applied>, id: ReconcilerId) -> Vec<Placed> {
        let contents = &applied.contents;
        let mut hashed = contents.hashes.iter().zip(applied.iter());
        if hashed.any(|(hash, object)| self.replaces_bootstrap(*hash, object)) {
            let by = AppliedBy::Reconciler(id);
            let added = applied.placed().map(|(object, settled)| Added { object: Arc::clone(object), by, settled });
            return added.map(|added| self.add(added)).collect();
        }
        let start = self.len;
        self.by_kind.take();
        self.by_id.reserve(applied.len());
        let mut roles = contents.roles.iter().copied().peekable();
        let mut told = Vec::new();
        self.parts.push(Part { start, content: Content::Block(Arc::clone(applied), id) });
        self.len += applied.len();
        for ((at, hash), object) in (0..).zip(&contents.hashes).zip(applied.iter()) {
            let position = start + at as usize;
            let is_first = self.position_of(*hash, object.id.parts()).is_none();
            if is_first {
                self.by_id.insert(*hash, position);
            } else {
                self.repeated.push(position);
            }
            if let Some((_, roles)) = roles.next_if(|(known, _)| *known == at) {
                self.roles.add(position, roles);
                told.push(Placed { position, is_first, is_replaced: false });
            }
        }
        told
    }

    fn replaces_bootstrap(&self, hash: u32, object: &Object) -> bool {
        let position = || self.position_of(hash, object.id.parts());
        self.bootstrap.binary_search(&hash).is_ok() && position().is_some_and(|it| self.is_of_bootstrap(it))
    }

    fn is_of_bootstrap(&self, position: usize) -> bool {
        self.get(position).is_some_and(|placed| placed.by == AppliedBy::Bootstrap)
    }

    fn position_of(&self, hash: u32, parts: [&str; 4]) -> Option<usize> {
        let is_it = |position| self.get(position).is_some_and(|placed| placed.object.id.parts() == parts);
        self.by_id.find(hash, is_it)
    }

    fn by_kind(&self) -> &Kinds {
        self.by_kind.get_or_init(|| {
            let mut kinds = Kinds::new();
            for part in &self.parts {
                let (Content::Block(applied, _), Ok(start)) = (&part.content, u32::try_from(part.start)) else {
                    continue;
                };
                for (kind, groups) in &applied.contents.kinds {
                    for (group, positions) in groups {
                        add(&mut kinds, group, kind, positions.iter().map(|position| start + position));
                    }
                }
            }
            for &position in &self.others {
                let Some(placed) = self.get(position as usize) else { continue };
                add(&mut kinds, &placed.object.id.group, &placed.object.id.kind, [position]);
            }
            kinds.values_mut().flatten().for_each(|(_, positions)| positions.sort());
            kinds
        })
    }
}

impl Content {
    fn len(&self) -> usize {
        match self {
            Self::Block(applied, _) => applied.len(),
            Self::One(_) => 1,
        }
    }
}

/// What became of an object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    pub position: usize,
    /// It is the first of its identity.
    pub is_first: bool,
    /// It took the place of another one.
    pub is_replaced: bool,
}
