//! Objects whose names are spelled almost like one that is looked for.

use std::collections::{BTreeMap, HashMap};

use smol_str::SmolStr;

use super::Existence;
use crate::fleet::Cluster;
use crate::near;
use crate::object::{Object, ObjectId};

/// As many slips a typo has at most.
const MOST_EDITS: usize = 2;

impl<'a> Existence<'a> {
    /// An object of the same kind whose name, or else whose namespace, is spelled almost like this one.
    pub fn near_object(self, id: &ObjectId) -> Option<&'a Object> {
        let slips = |it: &ObjectId| match (it.name == id.name, it.namespace == id.namespace) {
            (false, true) => near::edits_within(&it.name, &id.name, MOST_EDITS),
            (true, false) => near::edits_within(&it.namespace, &id.namespace, MOST_EDITS),
            _ => None,
        };
        let same = self.cluster.objects.of_kind(&id.group, &id.kind).map(|placed| placed.object);
        let near = same.filter_map(|it| Some((slips(&it.id)?, it)));
        near.min_by_key(|(slips, _)| *slips).map(|(_, object)| object)
    }

    /// The name of an object of the same kind and namespace that is spelled almost like this one.
    pub fn near_name(self, id: &ObjectId) -> Option<&'a str> {
        let names = self.index.names.get_or_init(|| Names::of(self.cluster));
        let near = names.of_length(id).filter_map(|it| Some((near::edits_within(it, &id.name, MOST_EDITS)?, it)));
        near.min().map(|(_, name)| name)
    }
}

/// The names of all objects by group, kind and namespace, and by how many characters they have: names of other lengths are
/// not alike.
#[derive(Debug)]
pub(super) struct Names(HashMap<[SmolStr; 3], BTreeMap<usize, Vec<SmolStr>>>);

impl Names {
    fn of(cluster: &Cluster) -> Self {
        let mut names: HashMap<[SmolStr; 3], BTreeMap<usize, Vec<SmolStr>>> = HashMap::new();
        for placed in cluster.objects.iter() {
            let id = &placed.object.id;
            let of_kind = names.entry([id.group.clone(), id.kind.clone(), id.namespace.clone()]).or_default();
            of_kind.entry(id.name.chars().count()).or_default().push(id.name.clone());
        }
        Self(names)
    }

    /// The names of the kind and namespace whose length is so near that few edits may be enough.
    fn of_length(&self, id: &ObjectId) -> impl Iterator<Item = &str> {
        let length = id.name.chars().count();
        let of_kind = self.0.get(&[id.group.clone(), id.kind.clone(), id.namespace.clone()]).into_iter();
        let near = of_kind.flat_map(move |all| all.range(length.saturating_sub(MOST_EDITS)..=length + MOST_EDITS));
        near.flat_map(|(_, names)| names).map(SmolStr::as_str)
    }
}
