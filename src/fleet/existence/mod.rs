//! Whether an object is on a cluster: what names it, what may create it, what a person may have meant.

mod absence;
mod beside;
mod charts;
mod clues;
mod copies;
mod elsewhere;
mod grants;
mod names;
mod namespaces;
mod near;
mod references;
mod unknowns;

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use crate::fleet::chart::Chart;
use crate::fleet::objects::Objects;
use crate::fleet::roles::Role;
use crate::fleet::secret_producers::maker_of;
use crate::fleet::{AppliedBy, Cluster, Outcome, Reconciler, ReconcilerKind};
use crate::flux::build::clean_path;
use crate::object::ObjectId;

pub use absence::BUILT_IN_NAMESPACES;
pub use clues::{Clue, near_name};
pub use copies::Uncopied;
pub use grants::UnseenGrantor;
pub use names::can_be_called;
pub use namespaces::MissingNamespace;
pub use references::{MissingReference, OpenReference, ReferenceUse};
pub use unknowns::Creator;

/// What is on a cluster, and what may be there although the graph does not hold it.
#[derive(Clone, Copy, Debug)]
pub struct Existence<'a> {
    cluster: &'a Cluster,
    index: &'a ExistenceIndex,
}

/// What decides about objects that the graph does not hold.
#[derive(Debug)]
pub(super) struct ExistenceIndex {
    /// The folders that the paths of Kustomizations name on their way.
    path_segments: HashSet<String>,
    /// The objects that may be called otherwise: not all of them is known, or what applies them fails.
    open_objects: Vec<usize>,
    /// The charts of HelmReleases, by their positions; read when the first one is asked for.
    charts: OnceLock<HashMap<usize, Chart>>,
    /// What objects are called; read when the first name that may be misspelt is looked up.
    names: OnceLock<near::Names>,
}

impl ExistenceIndex {
    fn of(objects: &Objects, reconcilers: &[Reconciler]) -> Self {
        let kustomizations = reconcilers.iter().filter(|it| it.kind == ReconcilerKind::Kustomization);
        let paths = kustomizations.map(|it| clean_path(it.object.str("/spec/path").unwrap_or_default()));
        let mut path_segments = HashSet::new();
        paths.for_each(|path| path_segments.extend(path.split('/').map(str::to_owned)));
        Self {
            path_segments,
            open_objects: open_objects(objects, reconcilers),
            charts: OnceLock::new(),
            names: OnceLock::new(),
        }
    }
}

fn open_objects(objects: &Objects, reconcilers: &[Reconciler]) -> Vec<usize> {
    let fails: Vec<bool> = reconcilers.iter().map(|it| it.outcome == Outcome::Failed).collect();
    let is_failed = |by: &AppliedBy| matches!(by, AppliedBy::Reconciler(id) if fails.get(id.0) == Some(&true));
    let objects = objects.iter().enumerate();
    objects.filter(|(_, placed)| !placed.settled || is_failed(&placed.by)).map(|(index, _)| index).collect()
}

impl Cluster {
    /// The facet of what exists.
    pub fn existence(&self) -> Existence<'_> {
        let index = self.existence.get_or_init(|| ExistenceIndex::of(&self.objects, &self.reconcilers));
        Existence { cluster: self, index }
    }
}

impl<'a> Existence<'a> {
    /// Whether a Secret is on the cluster, or an object that makes it.
    pub fn has_secret(self, id: &ObjectId) -> bool {
        let with = |role| self.cluster.objects.with_role(role).map(|placed| placed.object);
        let maker = || maker_of(with(Role::SecretMaker), with(Role::Namespace), &id.kind, &id.namespace, &id.name);
        self.cluster.get(id).is_some() || maker().is_some()
    }
}
