//! Objects that two reconcilers apply.

use std::collections::BTreeMap;

use super::Graph;
use crate::fleet::beyond::Kind;
use crate::fleet::{AppliedBy, ClusterObject, Outcome, Reconciler, ReconcilerId, ReconcilerKind};
use crate::flux::api::group;
use crate::flux::build::clean_path;
use crate::object::Object;
use crate::yaml::{Node, Value};

/// Two reconcilers that apply the same objects.
#[derive(Clone, Debug)]
pub struct Duplicate<'a> {
    pub first: &'a Reconciler,
    pub second: &'a Reconciler,
    /// Each object as the first and as the second one applies it, in the order of the second.
    pub objects: Vec<(&'a Object, &'a Object)>,
    /// One builds a folder that is in the folder of the other, in the same source.
    pub is_overlap: bool,
}

impl Duplicate<'_> {
    /// Whether the two apply something different.
    pub fn differs(&self) -> bool {
        self.objects.iter().any(|(first, second)| !is_equal(&first.root, &second.root))
    }
}

/// Annotations by which an object says that it does not insist on what Git holds.
const SHARED: [&str; 3] = ["Merge", "IfNotPresent", "Ignore"];

impl<'a> Graph<'a> {
    /// The pairs of reconcilers that apply the same objects. Two roots are one cluster, and what they share they share on
    /// purpose; so does what the annotation of server-side apply says.
    pub fn duplicates(self) -> Vec<Duplicate<'a>> {
        let mut pairs: BTreeMap<(ReconcilerId, ReconcilerId), Vec<(&Object, &Object)>> = BTreeMap::new();
        for (first, second) in self.cluster.objects.repeated() {
            let (AppliedBy::Reconciler(one), AppliedBy::Reconciler(other)) = (first.by, second.by) else { continue };
            let is_judged = [first, second].into_iter().all(is_insisted_on);
            if one != other
                && is_judged
                && !self.is_definition(second.object, one, other)
                && self.owns(one)
                && self.owns(other)
                && !self.are_roots(one, other)
            {
                pairs.entry((one, other)).or_default().push((first.object, second.object));
            }
        }
        let of = |((one, other), objects): (_, Vec<(&'a Object, &'a Object)>)| {
            let (first, second) = (self.cluster.reconciler(one), self.cluster.reconciler(other));
            let is_overlap = overlaps(first, second) && objects.iter().any(is_of_one_document);
            Duplicate { first, second, objects, is_overlap }
        };
        pairs.into_iter().map(of).collect()
    }

    /// Whether an object is one of two reconcilers itself, in the folder that it builds: it applies itself, as the root does.
    fn is_definition(self, object: &Object, one: ReconcilerId, other: ReconcilerId) -> bool {
        let is_own = |id: ReconcilerId| self.cluster.reconciler(id).object.id == object.id;
        is_own(one) || is_own(other) || object.is(group::OPERATOR, "FluxInstance")
    }

    /// Whether a reconciler owns what it applies on this cluster.
    fn owns(self, id: ReconcilerId) -> bool {
        let reconciler = self.cluster.reconciler(id);
        let is_owner = matches!(reconciler.kind, ReconcilerKind::Kustomization | ReconcilerKind::ResourceSet);
        let is_applied = reconciler.outcome != Outcome::Failed;
        // What is assumed of a root says nothing of what it applies.
        let is_certain = reconciler.parent.is_some() || self.cluster.beyond.kind == Kind::Declared;
        is_owner
            && is_applied
            && is_certain
            && !reconciler.is_remote
            && reconciler.object.str("/spec/suspend") != Some("true")
    }

    fn are_roots(self, one: ReconcilerId, other: ReconcilerId) -> bool {
        [one, other].into_iter().all(|id| self.cluster.reconciler(id).parent.is_none())
    }
}

fn is_insisted_on(placed: ClusterObject<'_>) -> bool {
    let annotation = |key| placed.object.annotation(key).and_then(Node::text);
    let shared = annotation("kustomize.toolkit.fluxcd.io/ssa").is_some_and(|value| SHARED.contains(&value));
    let disabled = annotation("kustomize.toolkit.fluxcd.io/reconcile") == Some("disabled");
    placed.settled && !shared && !disabled
}

/// Whether both are what one file holds.
fn is_of_one_document((first, second): &(&Object, &Object)) -> bool {
    first.document().is_some() && first.document() == second.document()
}

/// Whether the folder of one Kustomization is in that of the other.
fn overlaps(first: &Reconciler, second: &Reconciler) -> bool {
    let source = |reconciler: &Reconciler| {
        let source = reconciler.source.as_ref()?;
        Some((source.kind.clone(), source.namespace.clone(), source.name.clone()))
    };
    let path = |reconciler: &Reconciler| clean_path(reconciler.object.str("/spec/path").unwrap_or_default());
    let is_kustomization = |reconciler: &Reconciler| reconciler.kind == ReconcilerKind::Kustomization;
    let (one, other) = (path(first), path(second));
    let is_in = |inner: &str, outer: &str| {
        inner != outer && (outer.is_empty() || inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/')))
    };
    is_kustomization(first)
        && is_kustomization(second)
        && source(first).is_some()
        && source(first) == source(second)
        && (is_in(&one, &other) || is_in(&other, &one))
}

/// Whether two trees hold the same, wherever it is written and in whatever order.
fn is_equal(left: &Node, right: &Node) -> bool {
    match (&left.value, &right.value) {
        (Value::Mapping(_), Value::Mapping(_)) => {
            let has = |entry: &crate::yaml::Entry| {
                let other = entry.key.text().and_then(|key| right.get(key));
                other.is_some_and(|other| is_equal(&entry.value, other))
            };
            left.entries().len() == right.entries().len() && left.entries().iter().all(has)
        }
        (Value::Sequence(_), Value::Sequence(_)) => {
            let mut pairs = left.items().iter().zip(right.items());
            left.items().len() == right.items().len() && pairs.all(|(left, right)| is_equal(left, right))
        }
        _ => left.text() == right.text() && left.is_null() == right.is_null(),
    }
}
