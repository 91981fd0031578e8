//! R3: a seed kit. A folder that nothing applies and nothing lists builds a source with an address of this repository and
//! Kustomizations that read it: someone applies it once, and the paths of these Kustomizations are the roots.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::address::Reads;
use super::claim::{Claimed, missing_path};
use super::landscape::{FolderBuild, Landscape, Target, is_complete, span_of};
use super::paths::{has_placeholder, has_variable, is_in, is_inactive_folder, similar_folder};
use super::reach::Reach;
use super::root::{Root, Strength};
use super::self_sync::evidence;
use crate::flux::api::Kustomization;
use crate::flux::build::clean_path;
use crate::object::Object;
use crate::source::path::parent;

/// A kit: one cluster.
pub(super) struct Kit {
    pub folder: String,
    pub roots: Vec<Root>,
}

/// The kits of a repository. `known` are the roots so far: their folders, and the folders that hold their evidence, are none.
pub(super) fn kits(land: &Landscape<'_>, known: &[Root], claimed: &mut Claimed) -> Vec<Kit> {
    let applied = applied_folders(land);
    // A folder beside a root is a cluster that is not bootstrapped yet: R8 asks about it.
    let is_beside = |folder: &str, root: &Root| {
        parent(folder).is_some_and(|above| !above.is_empty()) && parent(folder) == parent(&root.path)
    };
    let is_known = |folder: &str| {
        let mut known = known.iter().filter(|root| !root.path.is_empty());
        known.any(|root| is_in(folder, &root.path) || is_beside(folder, root))
    };
    let folders = folders(land).into_iter().filter(|folder| !is_inactive_folder(folder) && !is_known(folder));
    let free = folders.filter(|folder| !applied.iter().any(|target| is_in(folder, target)));
    free.filter_map(|folder| kit(land, folder, known, claimed)).collect()
}

/// The topmost folders that list or hold a Kustomization.
fn folders(land: &Landscape<'_>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (manifest, _) in land.own_kustomizations() {
        let topmost = land.listing.topmost_of(&manifest.path);
        match topmost.is_empty() {
            true => drop(found.insert(parent(&manifest.path).unwrap_or_default().to_owned())),
            false => found.extend(topmost.into_iter().map(str::to_owned)),
        }
    }
    found
}

/// The folders that Kustomizations in files build, whoever applies these.
fn applied_folders(land: &Landscape<'_>) -> BTreeSet<String> {
    let targets =
        land.own_kustomizations().flat_map(|(manifest, kustomization)| land.targets(kustomization, &manifest.path));
    targets.map(|target| target.folder).filter(|folder| !folder.is_empty()).collect()
}

fn kit(land: &Landscape<'_>, folder: String, known: &[Root], claimed: &mut Claimed) -> Option<Kit> {
    let build = land.build(&folder);
    let reading: Vec<Arc<Object>> =
        build.objects.iter().filter(|it| reads_own_source(land, it, &build)).cloned().collect();
    // A folder that builds the Kustomization of a known root is a copy of its seeds.
    let is_copy = reading.iter().any(|object| known.iter().any(|root| is_seed(object, root)));
    if reading.is_empty() || is_copy {
        return None;
    }
    let mut targets = Vec::new();
    for object in reading {
        let found = Kustomization::of(&object).map(|it| land.targets(it, land.file_of(&object).unwrap_or_default()));
        match found.unwrap_or_default().into_iter().next() {
            Some(target) => targets.push((object, target)),
            None => targets.extend(claimed.missing(land, &folder, object)),
        }
    }
    let tops = without_children(land, targets);
    let seeds: Vec<Arc<Object>> = build.objects.clone();
    let roots: Vec<Root> = tops.into_iter().map(|(object, target)| root(&object, target, &seeds)).collect();
    (!roots.is_empty()).then_some(Kit { folder, roots })
}

/// Whether an object is a Kustomization whose source is beside it and has an address of this repository.
fn reads_own_source(land: &Landscape<'_>, object: &Object, build: &FolderBuild) -> bool {
    let Some(kustomization) = Kustomization::of(object).filter(|it| is_complete(*it) && !it.is_remote()) else {
        return false;
    };
    let is_there = land.addresses.read_by(kustomization, &build.sources, &[]) == Reads::Ours;
    is_there && !clean_path(object.str("/spec/path").unwrap_or_default()).is_empty()
}

fn is_seed(object: &Object, root: &Root) -> bool {
    let is_same =
        |seed: &Arc<Object>| span_of(seed) == span_of(object) && seed.str("/spec/path") == object.str("/spec/path");
    root.seeds.iter().any(is_same)
}

/// The Kustomizations that no other one of the kit applies.
fn without_children(land: &Landscape<'_>, all: Vec<(Arc<Object>, Target)>) -> Vec<(Arc<Object>, Target)> {
    let reaches: Vec<Reach> = all.iter().map(|start| Reach::below(land, vec![start.clone()])).collect();
    let is_child = |index: usize, (object, target): &(Arc<Object>, Target)| {
        let mut others = reaches.iter().enumerate().filter(|(other, _)| *other != index);
        others.any(|(other, reach)| {
            let is_applied = span_of(object).is_some_and(|span| reach.applies(land, span, &target.folder));
            is_applied || reach.builds(land, &target.folder) && (all[other].1.folder != target.folder || other < index)
        })
    };
    let kept: Vec<bool> = all.iter().enumerate().map(|(index, it)| !is_child(index, it)).collect();
    all.into_iter().zip(kept).filter(|(_, kept)| *kept).map(|(it, _)| it).collect()
}

/// A root of a kit: everything that the kit applies is on the cluster before, the root's own Kustomization as the last.
fn root(kustomization: &Arc<Object>, target: Target, kit: &[Arc<Object>]) -> Root {
    let others = kit.iter().filter(|object| !Arc::ptr_eq(object, kustomization)).cloned();
    let seeds = others.chain([Arc::clone(kustomization)]).collect();
    let evidence = evidence(kustomization).into_iter().collect();
    let Target { base, folder: path } = target;
    Root { path, base, seeds, strength: Strength::Kit, evidence, flux_folder: None, is_open: false, flux: None }
}

impl Claimed {
    /// A Kustomization of a kit whose path does not exist: a root where there is a similar folder, else a note.
    fn missing(&mut self, land: &Landscape<'_>, kit: &str, object: Arc<Object>) -> Option<(Arc<Object>, Target)> {
        let path = object.str("/spec/path").unwrap_or_default();
        let clean = clean_path(path);
        let similar = similar_folder(land.tree, &clean).filter(|_| !has_variable(path) && !has_placeholder(&clean));
        match similar {
            Some(similar) => {
                self.meant.insert(similar);
                Some((object, Target { base: String::new(), folder: clean }))
            }
            None => {
                let message = format!("`{kit}` starts `{clean}`, which does not exist: no cluster");
                let place = object.at("/spec/path").and_then(|path| path.place());
                self.notes.push(missing_path(message).at(place));
                None
            }
        }
    }
}
