//! Fields that Flux sets and something else changes.

use super::Graph;
use crate::fleet::{ClusterObject, Reconciler};
use crate::object::Object;
use crate::yaml::Node;

/// A workload whose replicas an autoscaler changes, too.
#[derive(Clone, Copy, Debug)]
pub struct Scaled<'a> {
    pub workload: &'a Object,
    pub scaler: &'a Object,
}

/// What scales workloads: group and kind.
const SCALERS: [(&str, &str); 2] = [("autoscaling", "HorizontalPodAutoscaler"), ("keda.sh", "ScaledObject")];

impl<'a> Graph<'a> {
    /// The workloads that set `replicas` and that an autoscaler scales. Not those that Flux creates and leaves alone then.
    pub fn contested_replicas(self) -> Vec<Scaled<'a>> {
        let is_scaler = |group: &str, kind: &str| SCALERS.contains(&(group, kind));
        let scalers = self.cluster.objects.of_kinds(is_scaler).filter(|placed| placed.settled);
        let scaled = scalers.filter_map(|placed| {
            let scaler = placed.object;
            let text = |pointer| scaler.str(pointer);
            let name = text("/spec/scaleTargetRef/name")?;
            let kind = text("/spec/scaleTargetRef/kind").unwrap_or("Deployment");
            let workload = self.cluster.find("apps", kind, &scaler.id.namespace, name)?;
            let by = self.cluster.applied_by(workload)?;
            let is_set = workload.settled && workload.object.str("/spec/replicas").is_some();
            (is_set && insists(workload, by)).then_some(Scaled { workload: workload.object, scaler })
        });
        scaled.collect()
    }
}

/// Whether Flux sets what Git holds again and again.
fn insists(placed: ClusterObject<'_>, reconciler: &Reconciler) -> bool {
    let annotation = |key| placed.object.annotation(key).and_then(Node::text);
    let left_alone = matches!(annotation("kustomize.toolkit.fluxcd.io/ssa"), Some("IfNotPresent" | "Ignore"));
    let disabled = annotation("kustomize.toolkit.fluxcd.io/reconcile") == Some("disabled");
    // What an entry of `ignore` leaves out may be just this.
    let ignores = reconciler.object.at("/spec/ignore").is_some();
    !left_alone && !disabled && !ignores
}
