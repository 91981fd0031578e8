//! `fleetlint graph --format dot`, for Graphviz.

use super::{dependencies, name, source};
use crate::fleet::{ApplierOutline, ClusterOutline, Outline};
use crate::report::escaped;

/// A digraph: a cluster of nodes for each cluster, solid edges from parents to children, dashed ones to what is waited for.
pub fn dot(outline: &Outline) -> String {
    let mut lines = vec!["digraph fleet {".to_owned(), "  rankdir=LR;".to_owned(), "  node [shape=box];".to_owned()];
    for (number, cluster) in outline.clusters.iter().enumerate() {
        lines.push(format!("  subgraph cluster_{number} {{"));
        lines.push(format!("    label={};", quoted(&cluster.name)));
        for (index, applier) in cluster.appliers.iter().enumerate() {
            lines.push(format!("    c{number}n{index} [label={}];", quoted(&label(applier))));
        }
        lines.extend(edges(number, cluster));
        lines.push("  }".to_owned());
    }
    lines.push("}".to_owned());
    lines.join("\n") + "\n"
}

fn label(applier: &ApplierOutline) -> String {
    let path = applier.path.as_ref().map(|path| format!(" ./{path}")).unwrap_or_default();
    let reads = source(applier).map(|source| format!("\n{source}{path}")).unwrap_or_default();
    format!("{} {}{reads}", applier.kind, name(applier))
}

fn edges(number: usize, cluster: &ClusterOutline) -> Vec<String> {
    let mut edges = Vec::new();
    for (index, applier) in cluster.appliers.iter().enumerate() {
        edges.extend(applier.parent.map(|parent| format!("    c{number}n{parent} -> c{number}n{index};")));
        let waits = dependencies(cluster, applier);
        edges.extend(waits.map(|other| format!("    c{number}n{index} -> c{number}n{other} [style=dashed];")));
    }
    edges
}

fn quoted(text: &str) -> String {
    let lines: Vec<String> =
        text.split('\n').map(|line| escaped(line).replace('\\', "\\\\").replace('"', "\\\"")).collect();
    format!("\"{}\"", lines.join("\\n"))
}
