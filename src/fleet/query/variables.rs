//! Variables: what each cluster promises, what its objects use.

use std::collections::BTreeSet;

use crate::fleet::{Cluster, ClusterObject, Fleet, Outcome, Reconciler, ReconcilerKind};
use crate::flux::api::Kustomization;
use crate::flux::substitute::{VariableUse, is_unknown};
use crate::near;
use crate::object::{Object, ObjectId};
use crate::yaml::{Node, Span};

impl Fleet {
    /// The ConfigMap with the variables that the profile promises for each cluster.
    pub fn runtime_info<'a>(&self, cluster: &'a Cluster) -> Option<ClusterObject<'a>> {
        let name = self.profile.runtime_info.as_deref()?;
        let found = cluster.find("", "ConfigMap", &cluster.flux_namespace, name);
        found.filter(|placed| placed.has_known_data())
    }

    /// Whether an object is the one that the profile promises, be it there or not.
    pub fn is_runtime_info(&self, cluster: &Cluster, id: &ObjectId) -> bool {
        let is_named = self.profile.runtime_info.as_deref() == Some(id.name.as_str());
        is_named && id.kind == "ConfigMap" && id.namespace == cluster.flux_namespace
    }

    /// The value of a key of a cluster's runtime-info.
    pub fn runtime_value<'a>(&self, cluster: &'a Cluster, key: &str) -> Option<&'a Node> {
        let value = self.runtime_info(cluster)?.object.at("/data")?.get(key)?;
        (value.text().is_some() && !is_unknown(value)).then_some(value)
    }

    /// The keys of runtime-info: those that the profile promises and those that any cluster defines.
    pub fn runtime_keys(&self) -> BTreeSet<&str> {
        let defined = self.clusters.iter().filter_map(|cluster| self.runtime_info(cluster));
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

    /// The variables that the objects of a cluster use, of the Kustomizations that substitute from runtime-info.
    pub fn uses_of_runtime_info<'a>(&'a self, cluster: &'a Cluster) -> impl Iterator<Item = &'a VariableUse> {
        cluster
            .reconcilers
            .iter()
            .filter(|reconciler| self.reads_runtime_info(reconciler))
            .flat_map(|reconciler| reconciler.uses.iter())
            .filter(|used| !used.is_beside_failure)
    }

    /// Whether a Kustomization substitutes from runtime-info.
    pub fn reads_runtime_info(&self, reconciler: &Reconciler) -> bool {
        let name = self.profile.runtime_info.as_deref();
        let kustomization = Kustomization::of(&reconciler.object);
        let mut sources = kustomization.into_iter().flat_map(Kustomization::substitute_from);
        name.is_some() && sources.any(|source| source.kind == "ConfigMap" && source.name.text() == name)
    }

    /// The Kustomizations whose path lost a segment because a variable has no value, and whose folder then does not build.
    pub fn paths_with_empty_variable<'a>(
        &'a self,
        cluster: &'a Cluster,
    ) -> impl Iterator<Item = (&'a Reconciler, PathVariable<'a>)> {
        let kustomizations = cluster.reconcilers_of(ReconcilerKind::Kustomization).map(|(reconciler, _)| reconciler);
        kustomizations.filter(|reconciler| matches!(reconciler.outcome, Outcome::Undetermined(_))).filter_map(
            |reconciler| {
                let variable = path_variable(&reconciler.object)?;
                variable.collapses_segment.then_some((reconciler, variable))
            },
        )
    }

    /// Who should have replaced the variables in a field of an object, and replaces none at all. Not the roots, whose
    /// Kustomizations Flux itself writes.
    pub fn unsubstituted_by<'a>(
        &self,
        cluster: &'a Cluster,
        placed: ClusterObject<'_>,
        pointer: &str,
    ) -> Option<&'a Reconciler> {
        placed.object.str(pointer).filter(|text| text.contains("${"))?;
        let parent = cluster.applied_by(placed)?;
        (parent.parent.is_some() && parent.kind == ReconcilerKind::Kustomization && parent.uses.is_empty())
            .then_some(parent)
    }

    /// The variable by which a path that does not exist misses its overlay: the folder that its value names is not there,
    /// the folder above is.
    pub fn missing_overlay<'a>(
        &self,
        cluster: &Cluster,
        reconciler: &'a Reconciler,
        path: &str,
    ) -> Option<PathVariable<'a>> {
        let variable = path_variable(&reconciler.object)?;
        let missing = reconciler.missing_folder(path)?;
        let (name, is_last) = (missing.rsplit('/').next().unwrap_or(missing), missing.len() == path.len());
        let is_by_variable = match self.runtime_value(cluster, variable.name).and_then(Node::text) {
            Some(value) if !value.is_empty() => name.contains(value),
            _ => is_last,
        };
        is_by_variable.then_some(variable)
    }
}

impl Cluster {
    /// The reconciler of an object.
    pub fn maker_of(&self, id: &ObjectId) -> Option<&Reconciler> {
        self.applied_by(self.get(id)?)
    }

    /// Whether the value of a variable leads at least one Kustomization's path to a folder that exists.
    pub fn leads_somewhere(&self, variable: &PathVariable<'_>) -> bool {
        let found = |reconciler: &Reconciler| {
            reconciler.outcome != Outcome::PathNotFound
                && reconciler.source.as_ref().is_some_and(|it| it.tree.is_some())
        };
        let mut kustomizations = self.reconcilers_of(ReconcilerKind::Kustomization).map(|(reconciler, _)| reconciler);
        kustomizations.any(|reconciler| {
            let same = path_variable(&reconciler.object)
                .is_some_and(|it| it.name == variable.name && it.place == variable.place);
            same && found(reconciler)
        })
    }
}

/// The variable in the path of a Kustomization.
#[derive(Clone, Debug)]
pub struct PathVariable<'a> {
    pub name: &'a str,
    /// The place of its value.
    pub place: Option<Span>,
    /// It has no value, and the path leads to the folder above.
    pub collapses_segment: bool,
    value: Option<&'a str>,
}

impl PathVariable<'_> {
    /// The value, where it may be shown.
    pub fn value_shown(&self) -> &str {
        self.value.unwrap_or("…")
    }
}

/// The variable that was written into `spec.path`.
pub fn path_variable(kustomization: &Object) -> Option<PathVariable<'_>> {
    let path = kustomization.at("/spec/path")?;
    let variable = path.origin.variable()?;
    let last = path.text()?.trim_end_matches('/').rsplit('/').next();
    let value = last.filter(|_| !variable.secret);
    Some(PathVariable {
        name: &variable.name,
        place: variable.value.edit_place(),
        collapses_segment: variable.collapses_segment,
        value,
    })
}

/// The number of edits between two names; a difference in case alone is one.
fn edit_distance(left: &str, right: &str) -> usize {
    match left.eq_ignore_ascii_case(right) {
        true => usize::from(left != right),
        false => near::edit_distance(left, right),
    }
}
