//! Objects whose names are spelled almost like one that is looked for.

use super::Existence;
use crate::near;
use crate::object::{Object, ObjectId};

impl<'a> Existence<'a> {
    /// An object of the same kind whose name, or else whose namespace, is spelled almost like this one.
    pub fn near_object(self, id: &ObjectId) -> Option<&'a Object> {
        let slips = |it: &ObjectId| match (it.name == id.name, it.namespace == id.namespace) {
            (false, true) => Some(near::edit_distance(&it.name, &id.name)),
            (true, false) => Some(near::edit_distance(&it.namespace, &id.namespace)),
            _ => None,
        };
        let same = self.cluster.objects.of_kind(&id.group, &id.kind).map(|placed| placed.object);
        let near = same.filter_map(|it| Some((slips(&it.id).filter(|slips| *slips <= 2)?, it)));
        near.min_by_key(|(slips, _)| *slips).map(|(_, object)| object)
    }

    /// The name of an object of the same kind and namespace that is spelled almost like this one.
    pub fn near_name(self, id: &ObjectId) -> Option<&'a str> {
        let same = self.cluster.objects.of_kind(&id.group, &id.kind).map(|placed| &placed.object.id);
        let named = same.filter(|it| it.namespace == id.namespace);
        let near = named.filter_map(|it| Some((near::edits_within(&it.name, &id.name, 2)?, it.name.as_str())));
        near.min().map(|(_, name)| name)
    }
}
