//! Variables: what each cluster promises, what its objects use.

use std::collections::BTreeSet;

use crate::fleet::{Cluster, Fleet, Placed};
use crate::flux::api::Kustomization;
use crate::flux::substitute::VariableUse;
use crate::object::Object;
use crate::yaml::{Node, Span};

impl Fleet {
    /// The ConfigMap with the variables that the profile promises for each cluster.
    pub fn runtime_info<'a>(&self, cluster: &'a Cluster) -> Option<&'a Placed> {
        let name = self.profile.runtime_info.as_deref()?;
        cluster.find("", "ConfigMap", &cluster.flux_namespace, name).filter(|placed| placed.settled)
    }

    /// The value of a key of a cluster's runtime-info.
    pub fn runtime_value<'a>(&self, cluster: &'a Cluster, key: &str) -> Option<&'a Node> {
        self.runtime_info(cluster)?.object.at("/data")?.get(key).filter(|value| value.text().is_some())
    }

    /// The keys of runtime-info: those that the profile promises and those that any cluster defines.
    pub fn runtime_keys(&self) -> BTreeSet<&str> {
        let defined = self.clusters.iter().filter_map(|cluster| self.runtime_info(cluster));
        let entries = defined.flat_map(|placed| placed.object.at("/data").map(Node::entries).unwrap_or_default());
        let defined = entries.filter_map(|entry| entry.key.text());
        self.profile.runtime_keys.iter().map(|key| key.as_str()).chain(defined).collect()
    }

    /// The variables that the objects of a cluster use, of the Kustomizations that substitute from runtime-info.
    pub fn uses_of_runtime_info<'a>(&'a self, cluster: &'a Cluster) -> impl Iterator<Item = &'a VariableUse> {
        let name = self.profile.runtime_info.as_deref();
        let appliers = cluster.appliers.iter().filter(move |applier| {
            let kustomization = Kustomization::of(&applier.object);
            let mut sources = kustomization.into_iter().flat_map(Kustomization::substitute_from);
            name.is_some() && sources.any(|source| source.kind == "ConfigMap" && source.name.text() == name)
        });
        appliers.flat_map(|applier| &applier.uses)
    }
}

/// The variable in the path of a Kustomization.
#[derive(Clone, Debug)]
pub struct PathVariable<'a> {
    pub name: &'a str,
    /// The place of its value.
    pub place: Option<Span>,
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
    let variable = path.origin.variable.as_deref()?;
    let last = path.text()?.trim_end_matches('/').rsplit('/').next();
    let value = last.filter(|_| !variable.secret);
    Some(PathVariable { name: &variable.name, place: variable.value.edit_place(), value })
}
