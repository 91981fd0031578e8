//! What queries look up on a cluster, made when the first one asks.

use std::collections::{HashMap, HashSet};

use smol_str::SmolStr;

use super::reconciler::{Outcome, ReconcilerKind};
use super::{AppliedBy, Cluster};
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
}

impl ClusterIndex {
    pub(super) fn of(cluster: &Cluster) -> Self {
        let mut index = Self {
            by_id: HashMap::new(),
            by_name: HashMap::new(),
            readers: HashMap::new(),
            path_segments: HashSet::new(),
            open_objects: open_objects(cluster),
            bound_accounts: cluster.bound_accounts().map(|it| (it.namespace.into(), it.name.into())).collect(),
            bound_groups: cluster.bound_groups().map(SmolStr::from).collect(),
        };
        for (position, reconciler) in cluster.reconcilers.iter().enumerate() {
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

fn open_objects(cluster: &Cluster) -> Vec<usize> {
    let fails: Vec<bool> = cluster.reconcilers.iter().map(|it| it.outcome == Outcome::Failed).collect();
    let is_failed = |by: &AppliedBy| matches!(by, AppliedBy::Reconciler(id) if fails.get(id.0) == Some(&true));
    let objects = cluster.objects.iter().enumerate();
    objects.filter(|(_, placed)| !placed.settled || is_failed(&placed.by)).map(|(index, _)| index).collect()
}
