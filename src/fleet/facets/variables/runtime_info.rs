//! The ConfigMap with the variables of a cluster.

use std::collections::BTreeSet;

use super::Variables;
use crate::fleet::{AppliedBy, ClusterObject, Fleet, Reconciler};
use crate::flux::api::Kustomization;
use crate::flux::substitute::{VariableUse, is_unknown};
use crate::near;
use crate::object::{Object, ObjectId};
use crate::yaml::Node;

impl<'a> Variables<'a> {
    /// The ConfigMap with the variables that the profile promises for each cluster.
    pub fn runtime_info(self) -> Option<ClusterObject<'a>> {
        let name = self.fleet.profile.runtime_info.as_deref()?;
        let found = self.cluster.find("", "ConfigMap", &self.cluster.flux_namespace, name);
        found.filter(|placed| placed.has_known_data())
    }

    /// A ConfigMap that seems to be the one that the profile promises, in another place: its name in another namespace, or
    /// under another name all of its keys.
    pub fn displaced_runtime_info(self) -> Option<&'a Object> {
        let profile = &self.fleet.profile;
        let is_named = |object: &Object| profile.runtime_info.as_deref() == Some(object.id.name.as_str());
        let has = |object: &Object, key: &str| object.at("/data").is_some_and(|data| data.get(key).is_some());
        let has_keys = |object: &Object| {
            let is_here = object.id.namespace == self.cluster.flux_namespace && !profile.runtime_keys.is_empty();
            is_here && profile.runtime_keys.iter().all(|key| has(object, key))
        };
        let written = self.cluster.of_kind("", "ConfigMap").filter(|it| matches!(it.by, AppliedBy::Reconciler(_)));
        let mut written = written.map(|placed| placed.object);
        written.find(|object| is_named(object) || has_keys(object))
    }

    /// Whether an object is the one that the profile promises, be it there or not.
    pub fn is_runtime_info(self, id: &ObjectId) -> bool {
        let is_named = self.fleet.profile.runtime_info.as_deref() == Some(id.name.as_str());
        is_named && id.kind == "ConfigMap" && id.namespace == self.cluster.flux_namespace
    }

    /// The value of a key of a cluster's runtime-info.
    pub fn runtime_value(self, key: &str) -> Option<&'a Node> {
        let value = self.runtime_info()?.object.at("/data")?.get(key)?;
        (value.text().is_some() && !is_unknown(value)).then_some(value)
    }

    /// The variables that the objects of a cluster use, of the Kustomizations that substitute from runtime-info.
    pub fn uses_of_runtime_info(self) -> impl Iterator<Item = &'a VariableUse> {
        self.cluster
            .reconcilers
            .iter()
            .filter(move |reconciler| self.fleet.reads_runtime_info(reconciler))
            .flat_map(|reconciler| reconciler.uses.iter())
            .filter(|used| !used.is_beside_failure)
    }
}

impl Fleet {
    /// The keys of runtime-info: those that the profile promises and those that any cluster defines.
    pub fn runtime_keys(&self) -> BTreeSet<&str> {
        let defined = self.clusters.iter().filter_map(|cluster| self.variables(cluster).runtime_info());
        let entries = defined.flat_map(|placed| placed.object.at("/data").map(Node::entries).unwrap_or_default());
        let defined = entries.filter_map(|entry| entry.key.text());
        self.profile.runtime_keys.iter().map(|key| key.as_str()).chain(defined).collect()
    }

    /// The key of runtime-info that an unknown name is a typo of.
    pub fn key_near(&self, name: &str) -> Option<&str> {
        let keys = self.runtime_keys();
        let near =
            keys.iter().map(|key| (edit_distance(name, key), *key)).filter(|(edits, key)| *edits * 4 <= key.len());
        near.min().filter(|_| !keys.contains(name)).map(|(_, key)| key)
    }

    /// Whether a Kustomization substitutes from runtime-info.
    pub fn reads_runtime_info(&self, reconciler: &Reconciler) -> bool {
        let name = self.profile.runtime_info.as_deref();
        let kustomization = Kustomization::of(&reconciler.object);
        let mut sources = kustomization.into_iter().flat_map(Kustomization::substitute_from);
        name.is_some() && sources.any(|source| source.kind == "ConfigMap" && source.name.text() == name)
    }
}

/// The number of edits between two names; a difference in case alone is one.
fn edit_distance(left: &str, right: &str) -> usize {
    match left.eq_ignore_ascii_case(right) {
        true => usize::from(left != right),
        false => near::edit_distance(left, right),
    }
}
