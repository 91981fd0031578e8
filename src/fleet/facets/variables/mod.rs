//! Variables: what each cluster promises, what its objects use.

mod definitions;
mod environments;
mod path;
mod production;
mod runtime_copies;
mod runtime_info;
mod unsubstituted;

use std::collections::HashSet;

use smol_str::SmolStr;

use crate::fleet::{Cluster, Fleet, Outcome, Reconciler, ReconcilerKind};
use crate::yaml::Span;

pub use definitions::{Definition, Rank, Shown};
pub use path::{PathVariable, path_variable};
pub use runtime_copies::MissedCopies;

/// The variables of a cluster, and the ConfigMap that the profile promises for each cluster.
#[derive(Clone, Copy, Debug)]
pub struct Variables<'a> {
    fleet: &'a Fleet,
    cluster: &'a Cluster,
    index: &'a VariablesIndex,
}

/// The variables that lead somewhere.
#[derive(Debug)]
pub(in crate::fleet) struct VariablesIndex {
    /// The variables in paths of Kustomizations whose folder exists: name, and place of the value.
    leading: HashSet<(SmolStr, Option<Span>)>,
}

impl VariablesIndex {
    fn of(cluster: &Cluster) -> Self {
        let is_found = |reconciler: &Reconciler| {
            reconciler.outcome != Outcome::PathNotFound
                && reconciler.source.as_ref().is_some_and(|it| it.tree.is_some())
        };
        let kustomizations = cluster.graph().reconcilers_of(ReconcilerKind::Kustomization);
        let found = kustomizations.map(|(reconciler, _)| reconciler).filter(|reconciler| is_found(reconciler));
        let variables = found.filter_map(|reconciler| path_variable(&reconciler.object));
        Self { leading: variables.map(|variable| (variable.name.into(), variable.place)).collect() }
    }
}

impl Fleet {
    /// The facet of variables of a cluster.
    pub fn variables<'a>(&'a self, cluster: &'a Cluster) -> Variables<'a> {
        let index = cluster.facets.variables.get_or_init(|| VariablesIndex::of(cluster));
        Variables { fleet: self, cluster, index }
    }
}
