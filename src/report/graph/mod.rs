//! The outline of a fleet, one file per format.

mod dot;
mod json;
mod mermaid;
mod text;

pub use dot::dot;
pub use json::json;
pub use mermaid::mermaid;
pub use text::text;

use crate::fleet::{ApplierOutline, ClusterOutline};

/// `namespace/name`.
fn name(applier: &ApplierOutline) -> String {
    format!("{}/{}", applier.namespace, applier.name)
}

/// What an applier reads: the repository and the branch, or the source where the files are not at hand.
fn source(applier: &ApplierOutline) -> Option<String> {
    let source = applier.source.as_ref()?;
    let at = source.revision.as_ref().map(|revision| format!("@{revision}")).unwrap_or_default();
    Some(match (&source.repository, &source.url) {
        (Some(repository), _) => format!("{repository}{at}"),
        (None, Some(url)) => url.clone(),
        (None, None) => format!("{} {}/{}", source.kind, source.namespace, source.name),
    })
}

/// The indexes of the appliers that hang below one, or of the roots.
fn children(cluster: &ClusterOutline, parent: Option<usize>) -> Vec<usize> {
    (0..cluster.appliers.len()).filter(|&index| cluster.appliers[index].parent == parent).collect()
}

/// The indexes of those on which an applier waits.
fn dependencies<'a>(cluster: &'a ClusterOutline, applier: &'a ApplierOutline) -> impl Iterator<Item = usize> + 'a {
    let position = move |wanted: &String| {
        cluster.appliers.iter().position(|other| other.kind == applier.kind && name(other) == *wanted)
    };
    applier.depends_on.iter().filter_map(position)
}
