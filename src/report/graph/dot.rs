//! `fleetlint graph --format dot`, for Graphviz.

use super::{dependencies, name, source};
use crate::fleet::{ClusterOutline, FleetGraph, ReconcilerOutline};
use crate::report::escaped;

/// A digraph: a cluster of nodes for each cluster, solid edges from parents to children, dashed ones to what is waited for.
pub fn dot(outline: &FleetGraph) -> String {
    let mut lines = vec!["digraph fleet {".to_owned(), "  rankdir=LR;".to_owned(), "  node [shape=box];".to_owned()];
    for (number, cluster) in outline.clusters.iter().enumerate() {
        lines.push(format!("  subgraph cluster_{number} {{"));
        lines.push(format!("    label={};", quoted(&cluster.name)));
        for (index, reconciler) in cluster.reconcilers.iter().enumerate() {
            lines.push(format!("    c{number}n{index} [label={}];", quoted(&label(reconciler))));
        }
        lines.extend(edges(number, cluster));
        lines.push("  }".to_owned());
    }
    lines.push("}".to_owned());
    lines.join("\n") + "\n"
}

fn label(reconciler: &ReconcilerOutline) -> String {
    let path = reconciler.path.as_ref().map(|path| format!(" ./{path}")).unwrap_or_default();
    let reads = source(reconciler).map(|source| format!("\n{source}{path}")).unwrap_or_default();
    format!("{} {}{reads}", reconciler.kind, name(reconciler))
}

fn edges(number: usize, cluster: &ClusterOutline) -> Vec<String> {
    let mut edges = Vec::new();
    for (index, reconciler) in cluster.reconcilers.iter().enumerate() {
        edges.extend(reconciler.parent.map(|parent| format!("    c{number}n{parent} -> c{number}n{index};")));
        let waits = dependencies(cluster, reconciler);
        edges.extend(waits.map(|other| format!("    c{number}n{index} -> c{number}n{other} [style=dashed];")));
    }
    edges
}

fn quoted(text: &str) -> String {
    let lines: Vec<String> =
        text.split('\n').map(|line| escaped(line).replace('\\', "\\\\").replace('"', "\\\"")).collect();
    format!("\"{}\"", lines.join("\\n"))
}
