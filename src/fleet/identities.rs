//! Objects by their identities: a table of indexes. The identities themselves stay in the objects.

use std::hash::{DefaultHasher, Hasher};

/// The first object of each identity. Who looks something up compares the identities.
#[derive(Clone, Debug, Default)]
pub(super) struct Identities {
    /// Hash and index, [`FREE`] where there is none; a power of two of them, at most two thirds taken.
    slots: Vec<(u32, u32)>,
    count: usize,
}

/// The index of a slot that is not taken.
const FREE: u32 = u32::MAX;

/// A number that equal identities share, of the parts: group, kind, namespace, name.
pub(super) fn hash_of(parts: [&str; 4]) -> u32 {
    let mut hasher = DefaultHasher::new();
    for part in parts {
        hasher.write(part.as_bytes());
        hasher.write_u8(0xff);
    }
    let hash = hasher.finish();
    (hash ^ (hash >> 32)) as u32
}

impl Identities {
    /// The index of an identity; `is_it` compares it with the object of an index.
    pub(super) fn find(&self, hash: u32, is_it: impl Fn(usize) -> bool) -> Option<usize> {
        let found = self.probe(hash).map(|at| self.slots[at]).take_while(|slot| slot.1 != FREE);
        found.filter(|slot| slot.0 == hash).map(|slot| slot.1 as usize).find(|index| is_it(*index))
    }

    /// Adds an identity that is not there yet.
    pub(super) fn insert(&mut self, hash: u32, index: usize) {
        self.reserve(1);
        let Ok(index) = u32::try_from(index) else { return };
        let free = self.probe(hash).find(|at| self.slots[*at].1 == FREE);
        if let Some(at) = free {
            self.slots[at] = (hash, index);
            self.count += 1;
        }
    }

    /// Makes room for more.
    pub(super) fn reserve(&mut self, more: usize) {
        let size = ((self.count + more) * 3 / 2 + 1).next_power_of_two();
        if size <= self.slots.len() {
            return;
        }
        let old = std::mem::replace(&mut self.slots, vec![(0, FREE); size]);
        for slot in old.into_iter().filter(|slot| slot.1 != FREE) {
            let free = self.probe(slot.0).find(|at| self.slots[*at].1 == FREE);
            free.into_iter().for_each(|at| self.slots[at] = slot);
        }
    }

    /// The places at which a hash may be, in order.
    fn probe(&self, hash: u32) -> impl Iterator<Item = usize> + use<> {
        let size = self.slots.len();
        (0..size).map(move |step| (hash as usize).wrapping_add(step) & (size - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_hashes_are_told_apart_by_the_objects() {
        let mut identities = Identities::default();
        let names: Vec<String> = (0..1_000).map(|index| format!("n{index}")).collect();
        for (index, name) in names.iter().enumerate() {
            // Few hashes for many names.
            let hash = hash_of(["", "", "", name]) % 16;
            assert_eq!(identities.find(hash, |other| names[other] == *name), None);
            identities.insert(hash, index);
        }
        for (index, name) in names.iter().enumerate() {
            let hash = hash_of(["", "", "", name]) % 16;
            assert_eq!(identities.find(hash, |other| names[other] == *name), Some(index));
        }
        assert_eq!(Identities::default().find(7, |_| true), None);
    }
}
