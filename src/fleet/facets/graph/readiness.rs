//! Dependencies that are ready before what they apply is.

use std::collections::BTreeMap;

use super::{Graph, Wait};
use crate::fleet::{Outcome, Reconciler, ReconcilerId, ReconcilerKind};
use crate::flux::api::group;
use crate::object::Object;

/// A Kustomization on which others depend, and that is ready as soon as it has applied.
#[derive(Clone, Debug)]
pub struct EarlyReady<'a> {
    pub dependency: &'a Reconciler,
    /// Something that it applies and that takes time to become ready.
    pub slow: &'a Object,
    /// Who depends on it, each with the field that says so.
    pub dependents: Vec<(&'a Reconciler, String)>,
}

/// Kinds whose objects take time until they are ready.
const SLOW: [(&str, &[&str]); 7] = [
    ("apps", &["DaemonSet", "Deployment", "StatefulSet"]),
    ("batch", &["Job"]),
    ("", &["Pod"]),
    (group::HELM, &["HelmRelease"]),
    (group::KUSTOMIZE, &["Kustomization"]),
    (group::OPERATOR, &["ResourceSet"]),
    ("apiregistration.k8s.io", &["APIService"]),
];

impl<'a> Graph<'a> {
    /// The Kustomizations that others depend on and that are ready before what they apply is: they have neither `wait` nor
    /// health checks. What applies nothing that takes time is ready then.
    pub fn early_ready(self) -> Vec<EarlyReady<'a>> {
        let mut dependents: BTreeMap<ReconcilerId, Vec<Wait>> = BTreeMap::new();
        // What hangs below it cannot be ready before it is.
        let is_below = |wait: &Wait| {
            let to = self.cluster.reconciler(wait.to);
            self.ancestors_and_self(self.cluster.reconciler(wait.from)).any(|it| std::ptr::eq(it, to))
        };
        for wait in self.dependencies().into_iter().filter(|wait| !is_below(wait)) {
            dependents.entry(wait.to).or_default().push(wait);
        }
        let early = dependents.into_iter().filter_map(|(id, waits)| {
            let dependency = self.cluster.reconciler(id);
            let slow = self.slow_object(dependency).filter(|_| is_unchecked(dependency))?;
            let from = |wait: Wait| (self.cluster.reconciler(wait.from), wait.pointer);
            Some(EarlyReady { dependency, slow, dependents: waits.into_iter().map(from).collect() })
        });
        early.collect()
    }

    /// Something that a reconciler applies and that takes time to become ready.
    fn slow_object(self, reconciler: &'a Reconciler) -> Option<&'a Object> {
        let is_slow = |object: &Object| {
            let kinds = SLOW.iter().find(|(group, _)| *group == object.id.group).map(|(_, kinds)| kinds);
            kinds.is_some_and(|kinds| kinds.contains(&object.id.kind.as_str())) && !is_suspended(object)
        };
        let known = matches!(reconciler.outcome, Outcome::Rendered | Outcome::Undetermined(_) | Outcome::Failed);
        let mut objects = reconciler.applied.iter().filter(|_| known).map(|object| &**object);
        objects.find(|object| is_slow(object))
    }
}

fn is_unchecked(reconciler: &Reconciler) -> bool {
    let object = &reconciler.object;
    let has_checks = object.at("/spec/healthChecks").is_some_and(|checks| !checks.items().is_empty());
    reconciler.kind == ReconcilerKind::Kustomization
        && !reconciler.is_remote
        && object.str("/spec/wait") != Some("true")
        && !has_checks
}

fn is_suspended(object: &Object) -> bool {
    object.str("/spec/suspend") == Some("true")
}
