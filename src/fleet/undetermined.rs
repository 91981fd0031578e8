//! Everything that could not be judged, object by object.

use std::collections::{BTreeMap, BTreeSet};

use super::{Applier, ApplierKind, Cluster, Outcome, PlacedBy};
use crate::config::Config;
use crate::object::ObjectId;
use crate::yaml::Span;

/// An object that could not be judged: not all of it is known, or not what it applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undetermined {
    pub object: ObjectId,
    pub place: Option<Span>,
    /// Lower case, no full stop.
    pub reason: String,
    /// The names of the clusters that have it.
    pub clusters: BTreeSet<String>,
}

/// What no rule judges, each object once. What the configuration leaves out on purpose does not count.
pub(super) fn undetermined(clusters: &[&Cluster], config: &Config) -> Vec<Undetermined> {
    let mut found: BTreeMap<(ObjectId, Option<Span>), Undetermined> = BTreeMap::new();
    for cluster in clusters {
        let objects = objects_of(cluster).chain(unexpanded(cluster, config));
        for (object, place, reason) in objects {
            let key = (object.clone(), place);
            let entry =
                found.entry(key).or_insert_with(|| Undetermined { object, place, reason, clusters: BTreeSet::new() });
            entry.clusters.insert(cluster.name.clone());
        }
    }
    found.into_values().collect()
}

/// The objects of which not all is known. Copies only repeat what their source leaves open.
fn objects_of(cluster: &Cluster) -> impl Iterator<Item = (ObjectId, Option<Span>, String)> {
    cluster.objects.iter().filter(|placed| !placed.settled).filter_map(|placed| {
        let PlacedBy::Applier(id) = placed.by else { return None };
        let applier = cluster.applier(id);
        let reason = match &applier.outcome {
            Outcome::Undetermined(reason) => reason.clone(),
            _ => "a value in it is not known".to_owned(),
        };
        Some((placed.object.id.clone(), placed.object.place(), reason))
    })
}

/// What should apply objects, and whose objects are not known at all.
fn unexpanded<'a>(
    cluster: &'a Cluster,
    config: &'a Config,
) -> impl Iterator<Item = (ObjectId, Option<Span>, String)> + 'a {
    let is_one = |applier: &&Applier| {
        matches!(applier.kind, ApplierKind::Kustomization | ApplierKind::ResourceSet)
            && applier.applied.is_empty()
            && cluster.objects.get(applier.placed).is_some_and(|placed| placed.settled)
            && !is_external(applier, config)
    };
    cluster.appliers.iter().filter(is_one).filter_map(|applier| {
        let reason = match &applier.outcome {
            Outcome::Undetermined(reason) => reason.clone(),
            Outcome::SourceNotFound => "nothing in the fleet defines its source".to_owned(),
            Outcome::ReferenceNotFound { .. } => "the branch or tag of its source does not exist".to_owned(),
            Outcome::Rendered | Outcome::PathNotFound | Outcome::Failed | Outcome::Opaque => return None,
        };
        Some((applier.object.id.clone(), applier.object.place(), reason))
    })
}

fn is_external(applier: &Applier, config: &Config) -> bool {
    let source = applier.source.as_ref().and_then(|source| source.object.as_ref());
    source.and_then(|source| source.str("/spec/url")).is_some_and(|url| config.is_external(url))
}
