//! The resources of an accumulation, in order.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use fleetlint_yaml::problem::{Problem, ProblemKind};

use super::id::ResourceId;
use super::resource::Resource;

/// An ordered set of resources; no two have the same current id (see [`ResMap::append`]).
#[derive(Clone, Debug, Default)]
pub struct ResMap {
    resources: Vec<Resource>,
    /// Whether something could not be read that may hold more: what is not found here need not be wrong.
    pub(super) is_lacking: bool,
}

impl ResMap {
    /// The resources in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Resource> {
        self.resources.iter()
    }

    /// The resources in order, to be changed.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, Resource> {
        self.resources.iter_mut()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.resources.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.resources.is_empty()
    }

    /// The resource at an index.
    pub fn get(&self, index: usize) -> Option<&Resource> {
        self.resources.get(index)
    }

    /// The resource at an index, to be changed.
    pub fn get_mut(&mut self, index: usize) -> Option<&mut Resource> {
        self.resources.get_mut(index)
    }

    /// Takes a resource out; the others keep their order.
    pub fn remove(&mut self, index: usize) -> Option<Resource> {
        (index < self.resources.len()).then(|| self.resources.remove(index))
    }

    /// Drops the resources that `keep` refuses.
    pub fn retain(&mut self, keep: impl FnMut(&Resource) -> bool) {
        self.resources.retain(keep);
    }

    /// Indices of the resources that are called so now.
    pub fn find_current(&self, id: &ResourceId) -> Vec<usize> {
        self.find(|resource| resource.id().is_same(id))
    }

    /// Indices of the resources that are or ever were called so.
    pub fn find_any(&self, id: &ResourceId) -> Vec<usize> {
        self.find(|resource| resource.was_named(&id.name) && resource.ids().iter().any(|have| have.is_same(id)))
    }

    /// Indices of the resources that `matches` accepts.
    pub fn find(&self, matches: impl Fn(&Resource) -> bool) -> Vec<usize> {
        (0..self.resources.len()).filter(|&index| self.resources.get(index).is_some_and(&matches)).collect()
    }

    /// Adds resources at the end. One whose current id is taken is left out and is a problem.
    pub fn append(&mut self, resources: impl IntoIterator<Item = Resource>, problems: &mut Vec<Problem>) {
        let mut taken = self.taken();
        self.append_to(&mut taken, resources, problems);
    }

    /// The current ids, for several calls of [`ResMap::append_to`] between which no resource changes.
    pub fn taken(&self) -> Taken {
        let mut taken = Taken::default();
        for (index, resource) in self.resources.iter().enumerate() {
            taken.index_of(&key(resource), &self.resources, index);
        }
        taken
    }

    /// As [`ResMap::append`], with the ids that are taken.
    pub fn append_to(
        &mut self,
        taken: &mut Taken,
        resources: impl IntoIterator<Item = Resource>,
        problems: &mut Vec<Problem>,
    ) {
        let resources = resources.into_iter();
        self.resources.reserve(resources.size_hint().0);
        for resource in resources {
            let index = taken.index_of(&key(&resource), &self.resources, self.resources.len());
            match self.resources.get(index) {
                Some(first) => problems.push(conflict(first, &resource)),
                None => self.resources.push(resource),
            }
        }
    }

    /// Leaves out resources whose current id another one has, of those that `count`; each is a problem. kustomize does so
    /// where it collects resources again.
    pub(super) fn drop_repeated(&mut self, count: impl Fn(&Resource) -> bool) -> Vec<Problem> {
        let mut taken = Taken::default();
        let counted = self.resources.iter().enumerate().filter(|(_, resource)| count(resource));
        let repeated: Vec<(usize, usize)> = counted
            .map(|(index, resource)| (taken.index_of(&key(resource), &self.resources, index), index))
            .filter(|(first, index)| first != index)
            .collect();
        let pairs = repeated.iter().filter_map(|&(first, index)| Some((self.get(first)?, self.get(index)?)));
        let problems = pairs.map(|(first, second)| conflict(first, second)).collect();
        let left_out: HashSet<usize> = repeated.iter().map(|&(_, index)| index).collect();
        let mut indices = 0..;
        self.resources.retain(|_| indices.next().is_none_or(|index| !left_out.contains(&index)));
        problems
    }

    /// Adds a resource at the end without a look at its id.
    pub fn push_unchecked(&mut self, resource: Resource) {
        self.resources.push(resource);
    }
}

/// The current ids of all resources of a [`ResMap`], each with the index of the first that has it. They are kept as hashes:
/// the resources have the ids themselves.
#[derive(Debug, Default)]
pub struct Taken {
    hasher: RandomState,
    indices: HashMap<u64, usize>,
    /// Ids that have the hash of another one.
    others: HashMap<ResourceId, usize>,
}

impl Taken {
    /// The index of the first resource that has an id; a new id gets `index`.
    fn index_of(&mut self, id: &ResourceId, resources: &[Resource], index: usize) -> usize {
        let first = *self.indices.entry(self.hasher.hash_one(id)).or_insert(index);
        match resources.get(first) {
            Some(resource) if first != index && key(resource) != *id => *self.others.entry(id.clone()).or_insert(index),
            _ => first,
        }
    }
}

impl IntoIterator for ResMap {
    type Item = Resource;
    type IntoIter = std::vec::IntoIter<Resource>;

    fn into_iter(self) -> Self::IntoIter {
        self.resources.into_iter()
    }
}

impl FromIterator<Resource> for ResMap {
    /// Takes the resources as they are, without a look at their ids.
    fn from_iter<T: IntoIterator<Item = Resource>>(resources: T) -> Self {
        Self { resources: resources.into_iter().collect(), ..Self::default() }
    }
}

/// The current id with its effective namespace, so that equal means the same object.
fn key(resource: &Resource) -> ResourceId {
    let id = resource.id();
    ResourceId { namespace: id.effective_namespace().into(), ..id }
}

/// What kustomize says of two objects with one id.
pub(super) const REPEATED_ID: &str = "may not add resource with an already registered id";

fn conflict(first: &Resource, second: &Resource) -> Problem {
    let message = format!("{REPEATED_ID}: `{}`", second.id());
    Problem::new(ProblemKind::KustomizeFailed, message, second.place())
        .help("remove one of the two, or give them different names or namespaces")
        .related(first.place(), "first added here")
        .related(second.entry, "added again by this entry")
}
