//! `fleetlint graph --order`.

use serde::Serialize;

use crate::fleet::{ClusterOrder, Discovery, FleetOrder, OrderedReconciler};
use crate::report::discovery::DiscoveryItem;
use crate::report::{escape, escaped, on_their_own};
use crate::source::Files;

/// How many reconcilers are named that others wait for.
const MOST: usize = 5;

/// The order of each cluster, as a person reads it.
pub fn order_text(order: &FleetOrder, discovery: &Discovery) -> String {
    let clusters: Vec<String> = order.clusters.iter().map(cluster).collect();
    if clusters.is_empty() { format!("{}\n", on_their_own(discovery)) } else { clusters.join("\n") }
}

fn cluster(cluster: &ClusterOrder) -> String {
    let mut lines = vec![cluster.name.clone()];
    for (index, wave) in cluster.waves.iter().enumerate() {
        lines.push(format!("  wave {}: {}", index + 1, listed(wave)));
    }
    if !cluster.never.is_empty() {
        lines.push(format!("  never ready: {}", listed(&cluster.never)));
    }
    if let Some(time) = &cluster.critical_time {
        let timed = |it: &OrderedReconciler| format!("{} ({})", shown(it), it.timeout.as_deref().unwrap_or_default());
        let path: Vec<String> = cluster.critical_path.iter().map(timed).collect();
        lines.push(format!("  takes {time} at most: {}", path.join(" → ")));
    }
    if !cluster.waited_for.is_empty() {
        let counted = |it: &OrderedReconciler| format!("{} ({})", shown(it), it.by.unwrap_or_default());
        let most: Vec<String> = cluster.waited_for.iter().take(MOST).map(counted).collect();
        lines.push(format!("  others wait for: {}", most.join(", ")));
    }
    lines.iter().map(|line| escaped(line) + "\n").collect()
}

fn listed(all: &[OrderedReconciler]) -> String {
    all.iter().map(shown).collect::<Vec<_>>().join(", ")
}

fn shown(it: &OrderedReconciler) -> String {
    format!("{} {}/{}", it.kind, it.namespace, it.name)
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    order: &'a FleetOrder,
    discovery: DiscoveryItem<'a>,
}

/// The order as one JSON object, with a final newline.
pub fn order_json(order: &FleetOrder, discovery: &Discovery, files: &Files) -> String {
    let document = Document { order, discovery: DiscoveryItem::new(discovery, files) };
    escape::json(&serde_json::to_string_pretty(&document).unwrap_or_default()) + "\n"
}
