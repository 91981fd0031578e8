//! R3: a seed kit. A folder that nothing applies and nothing lists builds a source with an address of this repository and
//! Kustomizations that read it: someone applies it once, and the paths of these Kustomizations are the roots.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::address::SourceFact;
use super::bindings::{Bindings, without_open};
use super::claim::{Claimed, missing_path, open_path};
use super::folder_build::{FolderBuild, span_of};
use super::kit_files::{Part, parts};
use super::landscape::{Landscape, is_complete};
use super::paths::{has_placeholder, has_similar_folder, has_variable, is_for_tests, is_in, is_inactive_folder};
use super::reach::Reach;
use super::reads::Reads;
use super::root::{Root, Strength};
use super::seeds::concrete;
use super::self_sync::evidence;
use super::source_facts::SourceFacts;
use super::target::Target;
use crate::fleet::FleetNote;
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
        if folder.is_empty() {
            return known.iter().any(|root| root.path.is_empty());
        }
        let mut known = known.iter().filter(|root| !root.path.is_empty());
        known.any(|root| is_in(folder, &root.path) || is_beside(folder, root))
    };
    let is_left_out = |folder: &str| is_inactive_folder(folder) || is_for_tests(folder) || is_known(folder);
    let folders = folders(land).into_iter().filter(|folder| !is_left_out(folder));
    let free = folders.filter(|folder| !applied.iter().any(|target| is_in(folder, target)));
    let parts = free.flat_map(|folder| parts(land, &folder));
    parts.flat_map(|part| kits_of(land, &part, known, claimed)).collect()
}

/// The topmost folders that list or hold a Kustomization.
fn folders(land: &Landscape<'_>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (manifest, _) in land.own_kustomizations() {
        found.extend(land.listing.builders_of(&manifest.path).into_iter().map(str::to_owned));
    }
    found
}

/// The folders that Kustomizations in files build, whoever applies these.
fn applied_folders(land: &Landscape<'_>) -> BTreeSet<String> {
    let targets =
        land.own_kustomizations().flat_map(|(manifest, kustomization)| land.targets(kustomization, &manifest.path));
    targets.map(|target| target.folder).filter(|folder| !folder.is_empty()).collect()
}

/// The kit that a folder, or a file in it, is. Where a path holds variables, somebody replaces them once for each cluster: one kit for each
/// folder that fits.
fn kits_of(land: &Landscape<'_>, (folder, build): &Part, known: &[Root], claimed: &mut Claimed) -> Vec<Kit> {
    let reading: Vec<Arc<Object>> =
        build.objects.iter().filter(|it| reads_own_source(land, it, build)).cloned().collect();
    // A folder that builds the Kustomization of a known root is a copy of its seeds.
    let is_copy = reading.iter().any(|object| known.iter().any(|root| is_seed(object, root)));
    let is_lost = build.objects.iter().filter_map(|it| land.file_of(it)).any(|file| claimed.lost.contains(file));
    if reading.is_empty() || is_copy || is_lost {
        return Vec::new();
    }
    let starts = Starts::of(land, reading);
    let has_open_path = |object: &&Arc<Object>| has_variable(object.str("/spec/path").unwrap_or_default());
    let is_open = |seed: &Arc<Object>| starts.lost.iter().filter(has_open_path).any(|lost| Arc::ptr_eq(lost, seed));
    let seeds: Vec<Arc<Object>> = build.objects.iter().filter(|seed| !is_open(seed)).cloned().collect();
    let kits = starts.each().into_iter().filter_map(|(name, one)| kit(land, name.unwrap_or(folder), &seeds, one));
    let kits: Vec<Kit> = kits.collect();
    // A path that does not exist is a finding on the cluster that the kit starts, if it starts one.
    let unsaid = starts.lost.iter().filter(|object| kits.is_empty() || has_open_path(object));
    claimed.notes.extend(unsaid.map(|object| lost_note(folder, object)));
    kits
}

/// A Kustomization that somebody applies, and the folder that it syncs.
type Start = (Arc<Object>, Target);

/// What a kit starts.
#[derive(Default)]
struct Starts {
    fixed: Vec<Start>,
    /// Those with variables in their paths, each with all folders that fit.
    patterns: Vec<(Arc<Object>, Vec<Target>)>,
    /// Those whose paths do not exist.
    lost: Vec<Arc<Object>>,
}

impl Starts {
    fn of(land: &Landscape<'_>, kustomizations: Vec<Arc<Object>>) -> Self {
        let mut starts = Self::default();
        for object in kustomizations {
            let file = land.file_of(&object).unwrap_or_default();
            let found = Kustomization::of(&object).map(|it| land.targets(it, file)).unwrap_or_default();
            let path = object.str("/spec/path").unwrap_or_default();
            match found.as_slice() {
                [] => match meant_by(land, path) {
                    Some(target) => starts.fixed.push((object, target)),
                    None => starts.lost.push(object),
                },
                [first, ..] if !has_variable(path) => starts.fixed.push((object, first.clone())),
                _ => starts.patterns.push((object, land.without_bases(found))),
            }
        }
        starts
    }

    /// What is started on each cluster, and the folder that names it where the kit is for several. Patterns belong together
    /// where the same variables stand for the same.
    fn each(&self) -> Vec<(Option<&str>, Vec<Start>)> {
        let Some(((object, targets), others)) = self.patterns.split_last() else {
            return vec![(None, self.fixed.clone())];
        };
        let started = |target: &Target| {
            let bindings = Bindings::of(path_of(object), target);
            let fits = |other: &Arc<Object>, it: &Target| bindings.agree(&Bindings::of(path_of(other), it));
            let fitting = others.iter().filter_map(|(other, targets)| {
                let mut fitting = targets.iter().filter(|it| fits(other, it));
                fitting.next().filter(|_| fitting.next().is_none()).map(|it| (concrete(other, it), it.clone()))
            });
            self.fixed.iter().cloned().chain(fitting).chain([(concrete(object, target), target.clone())]).collect()
        };
        targets.iter().map(|target| (Some(target.folder.as_str()), started(target))).collect()
    }
}

fn path_of(kustomization: &Object) -> &str {
    kustomization.str("/spec/path").unwrap_or_default()
}

fn kit(land: &Landscape<'_>, folder: &str, seeds: &[Arc<Object>], starts: Vec<Start>) -> Option<Kit> {
    // With the paths that are known now, and what these say about variables.
    let patterns = starts.iter().filter_map(|(start, target)| {
        let written = seeds.iter().find(|seed| span_of(seed) == span_of(start))?;
        let path = written.str("/spec/path").filter(|path| has_variable(path))?;
        Some((Bindings::of(path, target), written, target))
    });
    let mut seeds = seeds.to_vec();
    for (bindings, root, target) in patterns.collect::<Vec<_>>() {
        seeds.iter_mut().for_each(|seed| *seed = bindings.applied(seed, root, target));
    }
    let is_open = seeds.iter().any(|seed| without_open(seed).is_some());
    seeds.iter_mut().for_each(|seed| *seed = without_open(seed).unwrap_or_else(|| Arc::clone(seed)));
    let same = |object: &Arc<Object>| seeds.iter().find(|seed| span_of(seed) == span_of(object)).cloned();
    let sources: SourceFacts = seeds.iter().filter_map(|seed| SourceFact::read(seed)).collect();
    let tops = without_children(land, starts, &sources);
    let tops = tops.into_iter().filter_map(|(object, target)| Some((same(&object)?, target)));
    let root = |(object, target): Start| Root { is_open, ..root(&object, target, &seeds) };
    let roots: Vec<Root> = tops.map(root).collect();
    (!roots.is_empty()).then(|| Kit { folder: folder.to_owned(), roots })
}

/// Whether an object is a Kustomization whose source is beside it and has an address of this repository.
fn reads_own_source(land: &Landscape<'_>, object: &Object, build: &FolderBuild) -> bool {
    let Some(kustomization) = Kustomization::of(object).filter(|it| is_complete(*it) && !it.is_remote()) else {
        return false;
    };
    let is_there = land.addresses.read_by(kustomization, &build.sources, SourceFacts::none()) == Reads::Ours;
    is_there && !clean_path(object.str("/spec/path").unwrap_or_default()).is_empty()
}

fn is_seed(object: &Object, root: &Root) -> bool {
    let is_same =
        |seed: &Arc<Object>| span_of(seed) == span_of(object) && seed.str("/spec/path") == object.str("/spec/path");
    root.seeds.iter().any(is_same)
}

/// The Kustomizations that no other one of the kit applies.
fn without_children(land: &Landscape<'_>, all: Vec<Start>, sources: &SourceFacts) -> Vec<Start> {
    let reaches: Vec<Reach> = all.iter().map(|start| Reach::below(land, [start.clone()], sources)).collect();
    let is_child = |index: usize, (object, target): &Start| {
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
    let others = kit.iter().filter(|object| span_of(object) != span_of(kustomization)).cloned();
    let seeds = others.chain([Arc::clone(kustomization)]).collect();
    let evidence = evidence(kustomization).into_iter().collect();
    let Target { base, folder: path } = target;
    Root { path, base, seeds, strength: Strength::Kit, evidence, flux_folder: None, is_open: false, flux: None }
}

fn lost_note(kit: &str, kustomization: &Object) -> FleetNote {
    let path = clean_path(kustomization.str("/spec/path").unwrap_or_default());
    let place = kustomization.at("/spec/path").and_then(|path| path.place());
    let what = format!("`{kit}` starts `{path}`");
    match has_variable(&path) {
        true => open_path(&what).at(place),
        false => missing_path(format!("{what}, which does not exist: no cluster")).at(place),
    }
}

/// The target of a Kustomization of a kit whose path does not exist, where a similar folder does.
fn meant_by(land: &Landscape<'_>, path: &str) -> Option<Target> {
    let clean = clean_path(path);
    let is_plain = !has_variable(path) && !has_placeholder(&clean);
    (is_plain && has_similar_folder(land.tree, &clean)).then(|| Target { base: String::new(), folder: clean })
}
