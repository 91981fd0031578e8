//! `fleetlint graph --format mermaid`, as GitHub draws it.

use super::{dependencies, name, source};
use crate::fleet::{ClusterOutline, FleetGraph};
use crate::report::escaped;

/// A flowchart: a box for each cluster, solid arrows from parents to children, dotted ones to what is waited for.
pub fn mermaid(outline: &FleetGraph) -> String {
    let mut lines = vec!["flowchart LR".to_owned()];
    for (number, cluster) in outline.clusters.iter().enumerate() {
        lines.push(format!("  subgraph c{number}[\"{}\"]", quoted(&cluster.name)));
        lines.extend(nodes(number, cluster));
        lines.push("  end".to_owned());
        lines.extend(arrows(number, cluster));
    }
    lines.join("\n") + "\n"
}

fn nodes(number: usize, cluster: &ClusterOutline) -> Vec<String> {
    let node = |(index, reconciler): (usize, &crate::fleet::ReconcilerOutline)| {
        let path = reconciler.path.as_ref().map(|path| format!(" ./{path}")).unwrap_or_default();
        let reads = source(reconciler).map(|source| format!("<br/>{}", quoted(&format!("{source}{path}"))));
        let title = quoted(&format!("{} {}", reconciler.kind, name(reconciler)));
        format!("    c{number}n{index}[\"{title}{}\"]", reads.unwrap_or_default())
    };
    cluster.reconcilers.iter().enumerate().map(node).collect()
}

fn arrows(number: usize, cluster: &ClusterOutline) -> Vec<String> {
    let mut arrows = Vec::new();
    for (index, reconciler) in cluster.reconcilers.iter().enumerate() {
        arrows.extend(reconciler.parent.map(|parent| format!("  c{number}n{parent} --> c{number}n{index}")));
        let waits = dependencies(cluster, reconciler);
        arrows.extend(waits.map(|other| format!("  c{number}n{index} -. after .-> c{number}n{other}")));
    }
    arrows
}

/// Text inside a quoted label: entities for what would end it or be read as markup.
fn quoted(text: &str) -> String {
    let text = escaped(text).replace('&', "#amp;").replace('"', "#quot;");
    text.replace('<', "#lt;").replace('>', "#gt;")
}
