//! In which order a fleet comes up, in a few words: what `fleetlint graph --order` shows, whatever the format.

use std::time::Duration;

use serde::Serialize;

use super::facets::order::shown_duration;
use super::outline::shown;
use super::{Cluster, Fleet, ReconcilerId};

/// The order of each cluster.
#[derive(Debug, Serialize)]
pub struct FleetOrder {
    /// Of this form, for those who parse it.
    pub version: u32,
    pub clusters: Vec<ClusterOrder>,
}

/// In which order the reconcilers of a cluster start, if nothing of it is there yet.
#[derive(Debug, Serialize)]
pub struct ClusterOrder {
    pub name: String,
    /// What starts together. The first wave starts at once.
    pub waves: Vec<Vec<OrderedReconciler>>,
    /// What never becomes ready.
    pub never: Vec<OrderedReconciler>,
    /// The chain that takes longest if each reconciler needs all of its timeout.
    pub critical_path: Vec<OrderedReconciler>,
    /// How long the critical path may take; null if nothing waits.
    pub critical_time: Option<String>,
    /// What others start after, the one with the most of them first.
    pub waited_for: Vec<OrderedReconciler>,
}

/// A reconciler in an order.
#[derive(Debug, Serialize)]
pub struct OrderedReconciler {
    pub kind: String,
    pub namespace: String,
    pub name: String,
    /// How long it may take until it is ready, on the critical path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<String>,
    /// How many others start only after it has applied everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<usize>,
}

impl Fleet {
    /// The order of all clusters, or of one.
    pub fn order_outline(&self, only: Option<&str>) -> FleetOrder {
        let shown = self.clusters.iter().filter(|cluster| only.is_none_or(|name| cluster.name == name));
        FleetOrder { version: 1, clusters: shown.map(order_of).collect() }
    }
}

fn order_of(cluster: &Cluster) -> ClusterOrder {
    let order = cluster.order();
    let named = |ids: Vec<ReconcilerId>| ids.into_iter().map(|id| named(cluster, id)).collect::<Vec<_>>();
    let path = order.critical_path();
    let time: Duration = path.iter().map(|timed| timed.timeout).sum();
    let mut waited_for: Vec<(usize, ReconcilerId)> =
        order.waited_for().into_iter().filter(|(count, _)| *count > 0).collect();
    waited_for.sort_by_key(|(count, id)| (std::cmp::Reverse(*count), *id));
    ClusterOrder {
        name: cluster.name.clone(),
        waves: order.waves().into_iter().map(named).collect(),
        never: named(order.never()),
        critical_time: (!path.is_empty()).then(|| shown_duration(time)),
        critical_path: path
            .into_iter()
            .map(|timed| {
                let timeout = Some(shown_duration(timed.timeout));
                OrderedReconciler { timeout, ..self::named(cluster, timed.id) }
            })
            .collect(),
        waited_for: waited_for
            .into_iter()
            .map(|(count, id)| OrderedReconciler { by: Some(count), ..self::named(cluster, id) })
            .collect(),
    }
}

fn named(cluster: &Cluster, id: ReconcilerId) -> OrderedReconciler {
    let object = &cluster.reconciler(id).object;
    OrderedReconciler {
        kind: object.id.kind.to_string(),
        namespace: shown(object, "/metadata/namespace", &object.id.namespace),
        name: shown(object, "/metadata/name", &object.id.name),
        timeout: None,
        by: None,
    }
}
