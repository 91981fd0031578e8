//! The outline of a fleet, one file per format.

mod dot;
mod json;
mod mermaid;
mod order;
mod text;

pub use dot::dot;
pub use json::json;
pub use mermaid::mermaid;
pub use order::{order_json, order_text};
pub use text::text;

use crate::fleet::{ClusterOutline, ReconcilerOutline};

/// `namespace/name`.
fn name(reconciler: &ReconcilerOutline) -> String {
    format!("{}/{}", reconciler.namespace, reconciler.name)
}

/// What a reconciler reads: the repository and the branch, or the source where the files are not at hand.
fn source(reconciler: &ReconcilerOutline) -> Option<String> {
    let source = reconciler.source.as_ref()?;
    let at = source.revision.as_ref().map(|revision| format!("@{revision}")).unwrap_or_default();
    Some(match (&source.repository, &source.url) {
        (Some(repository), _) => format!("{repository}{at}"),
        (None, Some(url)) => url.clone(),
        (None, None) => format!("{} {}/{}", source.kind, source.namespace, source.name),
    })
}

/// The indexes of the reconcilers that hang below one, or of the roots.
fn children(cluster: &ClusterOutline, parent: Option<usize>) -> Vec<usize> {
    (0..cluster.reconcilers.len()).filter(|&index| cluster.reconcilers[index].parent == parent).collect()
}

/// The indexes of those on which a reconciler waits.
fn dependencies<'a>(
    cluster: &'a ClusterOutline,
    reconciler: &'a ReconcilerOutline,
) -> impl Iterator<Item = usize> + 'a {
    let position = move |wanted: &String| {
        cluster.reconcilers.iter().position(|other| other.kind == reconciler.kind && name(other) == *wanted)
    };
    reconciler.depends_on.iter().filter_map(position)
}
