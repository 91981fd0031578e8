//! R4, where nothing else declares a cluster: a Kustomization in a file of the folder that it syncs, which no build yields,
//! because it is commented out or applied from another repository.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::landscape::{Landscape, is_complete};
use super::paths::{is_in, is_inactive};
use super::root::{Root, Strength};
use super::self_sync::evidence;
use super::structure::candidates::{self, Known};
use crate::source::path::parent;

/// The roots that such Kustomizations declare; several of one folder are one root.
pub(super) fn roots(land: &Landscape<'_>) -> Vec<Root> {
    let candidates = candidates::find(land, &Known::NOTHING).candidates;
    // What is below a candidate is left out of it on purpose.
    let is_below = |folder: &str| candidates.iter().any(|it| it.folder != folder && is_in(folder, &it.folder));
    let mut found: BTreeMap<String, Root> = BTreeMap::new();
    for (manifest, kustomization) in land.kustomizations() {
        let is_built =
            land.listing.is_listed(&manifest.path) || !land.listing.has(parent(&manifest.path).unwrap_or_default());
        if is_inactive(&manifest.path) || is_built || !is_complete(kustomization) || kustomization.is_remote() {
            continue;
        }
        let folder = parent(&manifest.path).unwrap_or_default();
        let target = land.targets(kustomization, &manifest.path).into_iter().find(|target| target.folder == folder);
        let Some(target) = target.filter(|it| !it.folder.is_empty() && !is_below(&it.folder)) else { continue };
        let root = found.entry(target.folder.clone()).or_insert_with(|| Root {
            path: target.folder,
            base: target.base,
            seeds: Vec::new(),
            strength: Strength::Unbuilt,
            evidence: Vec::new(),
            flux_folder: None,
            is_open: false,
            flux: None,
        });
        root.seeds.push(Arc::clone(&manifest.object));
        root.evidence.extend(evidence(&manifest.object));
    }
    found.into_values().collect()
}
