//! What queries look up on a cluster, made when the first one asks.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use smol_str::SmolStr;

use super::chart::Chart;
use super::cluster_object::AppliedBy;
use super::objects::Objects;
use super::reconciler::{Outcome, Reconciler, ReconcilerKind};
use crate::flux::build::clean_path;
use crate::object::ObjectId;

/// Indexes over the reconcilers and the objects of a cluster.
#[derive(Debug)]
pub(super) struct ClusterIndex {
    /// The first reconciler of an identity.
    pub by_id: HashMap<ObjectId, usize>,
    /// The first of a kind, a namespace and a name.
    pub by_name: HashMap<(ReconcilerKind, SmolStr, SmolStr), usize>,
    /// Those that read a source, by its kind, namespace and name.
    pub readers: HashMap<(SmolStr, SmolStr, SmolStr), Vec<usize>>,
    /// The folders that the paths of Kustomizations name on their way.
    pub path_segments: HashSet<String>,
    /// The objects that may be called otherwise: not all of them is known, or what applies them fails.
    pub open_objects: Vec<usize>,
    /// The service accounts that bindings name: namespace and name.
    pub bound_accounts: HashSet<(SmolStr, SmolStr)>,
    /// The groups that bindings name.
    pub bound_groups: HashSet<SmolStr>,
    /// The charts of HelmReleases, by their positions; read when the first one is asked for.
    pub charts: OnceLock<HashMap<usize, Chart>>,
}

impl ClusterIndex {
    /// `accounts` and `groups` are those that bindings name.
    pub(super) fn of<'a>(
        objects: &Objects,
        reconcilers: &[Reconciler],
        accounts: impl Iterator<Item = (&'a str, &'a str)>,
        groups: impl Iterator<Item = &'a str>,
    ) -> Self {
        let mut index = Self {
            by_id: HashMap::new(),
            by_name: HashMap::new(),
            readers: HashMap::new(),
            path_segments: HashSet::new(),
            open_objects: open_objects(objects, reconcilers),
            bound_accounts: accounts.map(|(namespace, name)| (namespace.into(), name.into())).collect(),
            bound_groups: groups.map(SmolStr::from).collect(),
            charts: OnceLock::new(),
        };
        for (position, reconciler) in reconcilers.iter().enumerate() {
            let id = &reconciler.object.id;
            index.by_id.entry(id.clone()).or_insert(position);
            let name = (reconciler.kind, id.namespace.clone(), id.name.clone());
            index.by_name.entry(name).or_insert(position);
            if let Some(source) = &reconciler.source {
                let read = (source.kind.clone(), source.namespace.clone(), source.name.clone());
                index.readers.entry(read).or_default().push(position);
            }
            if reconciler.kind == ReconcilerKind::Kustomization {
                let path = clean_path(reconciler.object.str("/spec/path").unwrap_or_default());
                index.path_segments.extend(path.split('/').map(str::to_owned));
            }
        }
        index
    }
}

fn open_objects(objects: &Objects, reconcilers: &[Reconciler]) -> Vec<usize> {
    let fails: Vec<bool> = reconcilers.iter().map(|it| it.outcome == Outcome::Failed).collect();
    let is_failed = |by: &AppliedBy| matches!(by, AppliedBy::Reconciler(id) if fails.get(id.0) == Some(&true));
    let objects = objects.iter().enumerate();
    objects.filter(|(_, placed)| !placed.settled || is_failed(&placed.by)).map(|(index, _)| index).collect()
}
