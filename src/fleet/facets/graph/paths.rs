//! Paths of Kustomizations that do not lead where they seem to.

use super::Graph;
use crate::fleet::{Outcome, Reconciler, ReconcilerKind};
use crate::flux::build::clean_path;

impl<'a> Graph<'a> {
    /// The Kustomizations whose folder does not exist in their source, with the folder.
    pub fn missing_paths(self) -> impl Iterator<Item = (&'a Reconciler, String)> {
        let missing = self.reconcilers_of(ReconcilerKind::Kustomization).map(|(reconciler, _)| reconciler);
        missing
            .filter(|reconciler| reconciler.outcome == Outcome::PathNotFound)
            .map(|reconciler| (reconciler, clean_path(reconciler.object.str("/spec/path").unwrap_or_default())))
    }

    /// The Kustomizations whose path leads out of their source by `..`, with the folder that Flux builds instead. Those
    /// whose folder does not exist are left out: that is the defect.
    pub fn paths_out_of_source(self) -> impl Iterator<Item = (&'a Reconciler, String)> {
        let kustomizations = self.reconcilers_of(ReconcilerKind::Kustomization).map(|(reconciler, _)| reconciler);
        kustomizations
            .filter(|reconciler| reconciler.outcome != Outcome::PathNotFound)
            .filter_map(|reconciler| Some((reconciler, reconciler.object.str("/spec/path")?)))
            .filter(|(_, path)| leads_out(path))
            .map(|(reconciler, path)| (reconciler, clean_path(path)))
    }
}

/// Whether more `..` than folders are before some segment.
fn leads_out(path: &str) -> bool {
    let mut depth = 0_usize;
    path.split('/').any(|segment| {
        match segment {
            "" | "." => {}
            ".." if depth == 0 => return true,
            ".." => depth -= 1,
            _ => depth += 1,
        }
        false
    })
}
