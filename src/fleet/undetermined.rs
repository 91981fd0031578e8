//! Everything that could not be judged, object by object.

use std::collections::{BTreeMap, BTreeSet};

use super::revisions::RootTree;
use super::{AppliedBy, Cluster, Outcome, Question, Reconciler, ReconcilerKind, UnknownCause};
use crate::config::Config;
use crate::object::ObjectId;
use crate::yaml::Span;

/// An object that could not be judged: not all of it is known, or not what it applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undetermined {
    /// As messages name it: an object, a folder.
    pub subject: String,
    pub place: Option<Span>,
    /// Lower case, no full stop.
    pub reason: String,
    /// The names of the clusters that have it.
    pub clusters: BTreeSet<String>,
    /// Only values are missing that the configuration declares to be elsewhere: it does not count.
    pub is_declared: bool,
}

impl Undetermined {
    pub(super) fn new(subject: String, place: Option<Span>, reason: String) -> Self {
        Self { subject, place, reason, clusters: BTreeSet::new(), is_declared: false }
    }
}

/// A cluster that is judged by the working tree instead of the branch that it syncs.
pub(super) fn of_revision(cluster: &Cluster, tree: &RootTree) -> Option<Undetermined> {
    tree.missing.as_ref()?;
    let reason = "the clone does not hold the branch that it syncs".to_owned();
    let one = Undetermined::new(format!("cluster {}", cluster.name), None, reason);
    Some(Undetermined { clusters: BTreeSet::from([cluster.name.clone()]), ..one })
}

/// A folder that may be a cluster and was not checked.
pub(super) fn of_question(question: &Question) -> Undetermined {
    let place = question.evidence.first().map(|evidence| evidence.place);
    Undetermined::new(format!("folder {}", question.path), place, question.why.clone())
}

/// What no rule judges, each object once. What the configuration leaves out on purpose does not count.
pub(super) fn undetermined(clusters: &[&Cluster], config: &Config) -> Vec<Undetermined> {
    let mut found: BTreeMap<(ObjectId, Option<Span>), Undetermined> = BTreeMap::new();
    for cluster in clusters {
        let objects = objects_of(cluster).chain(unexpanded(cluster, config)).chain(incomplete(cluster));
        for (object, one) in objects {
            let entry = found.entry((object, one.place)).or_insert(one);
            entry.clusters.insert(cluster.name.clone());
        }
    }
    found.into_values().collect()
}

/// The objects of which not all is known. Copies only repeat what their source leaves open.
fn objects_of(cluster: &Cluster) -> impl Iterator<Item = (ObjectId, Undetermined)> {
    cluster.objects.iter().filter(|placed| !placed.settled).filter_map(|placed| {
        let AppliedBy::Reconciler(id) = placed.by else { return None };
        let reconciler = cluster.reconciler(id);
        let reason = match &reconciler.outcome {
            Outcome::Undetermined(reason) => reason.to_string(),
            _ => "a value in it is not known".to_owned(),
        };
        let mut causes = reconciler.unknown_values.iter().map(|values| &values.cause);
        let is_of_declared = matches!(&reconciler.outcome, Outcome::Undetermined(it) if it.is_of_declared_values());
        let is_declared = is_of_declared && causes.all(|cause| *cause == UnknownCause::Declared);
        let one = Undetermined::new(placed.object.id.to_string(), placed.object.place(), reason);
        Some((placed.object.id.clone(), Undetermined { is_declared, ..one }))
    })
}

/// What should apply objects, and whose objects are not known at all.
fn unexpanded<'a>(cluster: &'a Cluster, config: &'a Config) -> impl Iterator<Item = (ObjectId, Undetermined)> + 'a {
    let is_one = |reconciler: &&Reconciler| {
        matches!(reconciler.kind, ReconcilerKind::Kustomization | ReconcilerKind::ResourceSet)
            && reconciler.applied.is_empty()
            && cluster.objects.get(reconciler.placed).is_some_and(|placed| placed.settled)
            && !is_external(reconciler, config)
    };
    cluster.reconcilers.iter().filter(is_one).filter_map(|reconciler| {
        let reason = match &reconciler.outcome {
            Outcome::Undetermined(reason) => reason.to_string(),
            Outcome::SourceNotFound => "nothing in the fleet defines its source".to_owned(),
            Outcome::ReferenceNotFound { .. } => "the branch or tag of its source does not exist".to_owned(),
            Outcome::Rendered | Outcome::PathNotFound | Outcome::Failed | Outcome::Opaque => return None,
        };
        let one = Undetermined::new(reconciler.object.id.to_string(), reconciler.object.place(), reason);
        Some((reconciler.object.id.clone(), one))
    })
}

/// What applies more than is at hand: the objects that are may all be known.
fn incomplete(cluster: &Cluster) -> impl Iterator<Item = (ObjectId, Undetermined)> {
    let lacks = |reconciler: &&Reconciler| !reconciler.open_reasons.is_empty() && !reconciler.applied.is_empty();
    cluster.reconcilers.iter().filter(lacks).map(|reconciler| {
        let reasons: Vec<&str> = reconciler.open_reasons.iter().map(|reason| reason.message.as_str()).collect();
        let one = Undetermined::new(reconciler.object.id.to_string(), reconciler.object.place(), reasons.join("; "));
        (reconciler.object.id.clone(), one)
    })
}

fn is_external(reconciler: &Reconciler, config: &Config) -> bool {
    let source = reconciler.source.as_ref().and_then(|source| source.object.as_ref());
    source.and_then(|source| source.str("/spec/url")).is_some_and(|url| config.is_external(url))
}
