//! `fleetlint graph`: a tree that a person reads.

use super::{children, name, source};
use crate::fleet::{ClusterOutline, Discovery, FleetGraph, ReconcilerOutline};
use crate::report::{escaped, on_their_own};

/// One tree for each cluster.
pub fn text(outline: &FleetGraph, discovery: &Discovery) -> String {
    let clusters: Vec<String> = outline.clusters.iter().map(cluster).collect();
    if clusters.is_empty() { format!("{}\n", on_their_own(discovery)) } else { clusters.join("\n") }
}

fn cluster(cluster: &ClusterOutline) -> String {
    let mut facts = vec![format!("path {}", paths(&cluster.paths))];
    facts.extend(cluster.flux.as_ref().map(|version| format!("Flux {version}")));
    facts.push(format!("lockdown {}", cluster.lockdown));
    if !cluster.tenants.is_empty() {
        facts.push(format!("tenants {}", cluster.tenants.join(", ")));
    }
    let mut lines = vec![escaped(&format!("{} ({})", cluster.name, facts.join(" · ")))];
    branch(cluster, None, "", &mut lines);
    lines.join("\n") + "\n"
}

fn paths(paths: &[String]) -> String {
    paths.iter().map(|path| format!("./{path}")).collect::<Vec<_>>().join(", ")
}

/// The lines of everything below a parent. Parents come before their children, so the way down ends.
fn branch(cluster: &ClusterOutline, parent: Option<usize>, indent: &str, lines: &mut Vec<String>) {
    let below = children(cluster, parent);
    for (position, &index) in below.iter().enumerate() {
        let is_last = position + 1 == below.len();
        let (tip, rest) = if is_last { ("└── ", "    ") } else { ("├── ", "│   ") };
        lines.push(format!("{indent}{tip}{}", escaped(&line(&cluster.reconcilers[index]))));
        branch(cluster, Some(index), &format!("{indent}{rest}"), lines);
    }
}

fn line(reconciler: &ReconcilerOutline) -> String {
    let mut parts = vec![format!("{} {}", reconciler.kind, name(reconciler))];
    if let Some(source) = source(reconciler) {
        let path = reconciler.path.as_ref().map(|path| format!(" ./{path}")).unwrap_or_default();
        parts.push(format!("reads {source}{path}"));
    }
    parts.extend(reconciler.service_account.as_ref().map(|account| format!("as {account}")));
    parts.extend(reconciler.tenant.as_ref().map(|tenant| format!("tenant {tenant}")));
    if !reconciler.depends_on.is_empty() {
        parts.push(format!("after {}", reconciler.depends_on.join(", ")));
    }
    if reconciler.remote {
        parts.push("on another cluster".to_owned());
    }
    parts.push(match (reconciler.outcome, &reconciler.reason) {
        ("missing", _) => "the folder does not exist".to_owned(),
        ("failed", _) => "cannot be built".to_owned(),
        ("opaque", _) => return parts.join(" · "),
        ("rendered", _) if reconciler.kind == "FluxInstance" => return parts.join(" · "),
        ("rendered", _) => counted(reconciler.objects),
        (_, reason) => format!("undetermined: {}", reason.as_deref().unwrap_or_default()),
    });
    parts.join(" · ")
}

fn counted(objects: usize) -> String {
    if objects == 1 { "1 object".to_owned() } else { format!("{objects} objects") }
}
