//! The order in which kustomize-controller applies the objects of a Kustomization, and the order of Kustomizations.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Cluster, Reconciler, ReconcilerId, ReconcilerKind};
use crate::flux::api::depends_on;
use crate::object::Object;

/// The kinds that come first, in this order (kubernetes-facts section 3).
const FIRST: [&str; 23] = [
    "CustomResourceDefinition",
    "Namespace",
    "ClusterRole",
    "ClusterClass",
    "RuntimeClass",
    "PriorityClass",
    "StorageClass",
    "VolumeSnapshotClass",
    "IngressClass",
    "GatewayClass",
    "ClusterRoleBinding",
    "ResourceQuota",
    "ServiceAccount",
    "Role",
    "RoleBinding",
    "ConfigMap",
    "Secret",
    "Service",
    "LimitRange",
    "Deployment",
    "StatefulSet",
    "CronJob",
    "PodDisruptionBudget",
];

/// The kinds that come last, in this order.
const LAST: [&str; 2] = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

/// The objects of a reconciler in the order in which they are applied: by stage, then by kind; what ties keeps its place.
pub fn apply_order(objects: &[Arc<Object>]) -> Vec<&Arc<Object>> {
    let mut ordered: Vec<&Arc<Object>> = objects.iter().collect();
    ordered.sort_by_key(|object| (stage(&object.id.kind), rank(&object.id.kind)));
    ordered
}

/// Whether objects of a kind are applied before all others: definitions, namespaces, what is of a class.
pub(super) fn is_staged(kind: &str) -> bool {
    stage(kind) < 2
}

fn stage(kind: &str) -> usize {
    match kind {
        "CustomResourceDefinition" | "Namespace" | "ClusterRole" => 0,
        _ if kind.ends_with("Class") => 1,
        _ => 2,
    }
}

fn rank(kind: &str) -> usize {
    let first = FIRST.iter().position(|known| *known == kind);
    let last = LAST.iter().position(|known| *known == kind);
    first.or_else(|| Some(FIRST.len() + 1 + last?)).unwrap_or(FIRST.len())
}

impl Cluster {
    /// The reconcilers of a kind, what makes or is depended on first, else by namespace and name. Those in a cycle come last.
    pub fn in_order(&self, kind: ReconcilerKind) -> Vec<&Reconciler> {
        let mut open: Vec<ReconcilerId> = (0..self.reconcilers.len()).map(ReconcilerId).collect();
        open.retain(|id| self.reconciler(*id).kind == kind);
        open.sort_by_key(|id| self.reconciler(*id).name());
        let mut ordered: Vec<&Reconciler> = Vec::new();
        while !open.is_empty() {
            let waiting: BTreeSet<(&str, &str)> = open.iter().map(|id| self.reconciler(*id).name()).collect();
            let unmade: BTreeSet<ReconcilerId> = open.iter().copied().collect();
            let ready = open.iter().position(|id| {
                let is_made = self.maker(*id).is_none_or(|maker| !unmade.contains(&maker));
                is_made && self.depends_on_none_of(*id, &waiting)
            });
            let next = open.remove(ready.unwrap_or(0));
            ordered.push(self.reconciler(next));
        }
        ordered
    }

    /// The nearest reconciler of its kind above one; what is between has no place in the order.
    fn maker(&self, id: ReconcilerId) -> Option<ReconcilerId> {
        let above = std::iter::successors(self.reconciler(id).parent, |id| self.reconciler(*id).parent);
        let kind = self.reconciler(id).kind;
        above.take(self.reconcilers.len()).find(|id| self.reconciler(*id).kind == kind)
    }

    fn depends_on_none_of(&self, id: ReconcilerId, waiting: &BTreeSet<(&str, &str)>) -> bool {
        let object = &self.reconciler(id).object;
        // A ResourceSet names the kind of what it depends on.
        let is_of_kind = |kind: &str| kind.is_empty() || kind == object.id.kind;
        depends_on(object).filter(|(_, reference)| is_of_kind(reference.kind())).all(|(_, reference)| {
            let namespace = reference.namespace_or(&object.id.namespace);
            !waiting.contains(&(namespace.as_str(), reference.name()))
        })
    }
}
