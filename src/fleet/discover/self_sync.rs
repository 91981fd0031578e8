//! R2: a folder whose build holds the Kustomization that syncs it.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::address::SourceFact;
use super::folder_build::{FolderBuild, span_of};
use super::landscape::{Landscape, is_complete};
use super::listing::is_kustomization_file;
use super::paths::{has_variable, is_in, is_inactive};
use super::reads::{Reads, source_of};
use super::root::{Evidence, Root, Strength};
use super::source_facts::SourceFacts;
use super::target::Target;
use super::words::Words;
use crate::fleet::manifests::Manifest;
use crate::flux::api::Kustomization;
use crate::flux::build::clean_path;
use crate::object::Object;

/// The roots that sync themselves; those whose Kustomization another folder yields as well are its children.
pub(super) fn roots(land: &Landscape<'_>) -> Vec<Root> {
    folders(land).into_par_iter().filter_map(|folder| root(land, folder)).collect()
}

/// The folders that may build their own Kustomization: what Kustomizations name and hold, and all kustomization folders
/// that list a Kustomization, because an overlay may patch its path.
fn folders(land: &Landscape<'_>) -> BTreeSet<String> {
    let own: Vec<(&Manifest, Kustomization<'_>)> = land.own_kustomizations().collect();
    let mut words = Words::of(land.tree);
    let written = written_targets(land);
    let listers = land.listing.listers_of_any(own.iter().map(|(manifest, _)| manifest.path.as_str())).into_iter();
    let mut found: BTreeSet<String> =
        listers.filter(|folder| may_sync_itself(land, &written, &mut words, folder)).map(str::to_owned).collect();
    for (manifest, kustomization) in own {
        let targets = land.targets(kustomization, &manifest.path).into_iter().map(|target| target.folder);
        let may_be = |folder: &String| !folder.is_empty() || is_known_to_read_this(land, kustomization);
        found.extend(targets.filter(|folder| is_in(&manifest.path, folder) && may_be(folder)));
    }
    found
}

/// Whether a source that a Kustomization may mean has an address of this repository. An empty path alone proves nothing,
/// and to build all of the repository for it costs as much as all clusters.
fn is_known_to_read_this(land: &Landscape<'_>, kustomization: Kustomization<'_>) -> bool {
    let own = &kustomization.object.id.namespace;
    kustomization.source_ref().is_some_and(|reference| {
        let mut meant = land.sources.meant(&reference, own);
        meant.any(|source| source.address.as_deref().is_some_and(|address| land.addresses.contains(address)))
    })
}

/// The folders that the Kustomizations of each file name.
type Written<'m> = HashMap<&'m str, HashSet<String>>;

fn written_targets<'m>(land: &Landscape<'m>) -> Written<'m> {
    let mut found = Written::new();
    for (manifest, kustomization) in land.kustomizations() {
        let targets = land.targets(kustomization, &manifest.path).into_iter().map(|target| target.folder);
        found.entry(&manifest.path).or_default().extend(targets);
    }
    found
}

/// Whether a kustomization folder may build a Kustomization of its own path. Without patches the path is that of a file,
/// and nothing need be built to know that it is another one.
fn may_sync_itself(land: &Landscape<'_>, written: &Written<'_>, words: &mut Words<'_>, folder: &str) -> bool {
    let names_it = |file: Cow<'_, str>| written.get(&*file).is_some_and(|targets| targets.contains(folder));
    match land.listing.changes_objects(folder) {
        true => names_itself(land, (written, words), folder),
        false => land.listing.sources_of(folder).any(names_it),
    }
}

/// Whether the files of a kustomization folder hold its path, or the end of it, as an artifact of a subfolder would name
/// it. Without that, no patch can make it sync itself, and it need not be built to know that. Only plugins read more than
/// patches, kustomization files and what defines the Kustomizations.
fn names_itself(land: &Landscape<'_>, (written, words): (&Written<'_>, &mut Words<'_>), folder: &str) -> bool {
    let ends: Vec<&str> =
        std::iter::once(folder).chain(folder.match_indices('/').map(|(index, _)| &folder[index + 1..])).collect();
    let reads_all = land.listing.uses_plugins(folder);
    let may_say = |file: &Cow<'_, str>| {
        reads_all || written.contains_key(&**file) || land.listing.is_patch(file) || is_kustomization_file(file)
    };
    land.listing.sources_of(folder).filter(may_say).any(|file| words.hold(&file, &ends))
}

fn root(land: &Landscape<'_>, folder: String) -> Option<Root> {
    let build = land.build(&folder);
    let seeds: Vec<(Arc<Object>, Target)> = build
        .objects
        .iter()
        .filter_map(|object| Some((Arc::clone(object), target_of_self(land, object, &folder, &build)?)))
        .filter(|(object, _)| !is_child(land, object, &folder, &build))
        .collect();
    // Where one is known to read this repository, those whose source is not known need not.
    let reads_here = |(object, _): &(Arc<Object>, Target)| {
        Kustomization::of(object).is_some_and(|it| land.reads(it, &build) == Reads::Ours)
    };
    let is_known = seeds.iter().any(reads_here);
    let seeds: Vec<(Arc<Object>, Target)> = seeds.into_iter().filter(|seed| !is_known || reads_here(seed)).collect();
    let base = seeds.first()?.1.base.clone();
    let evidence = seeds.iter().filter_map(|(object, _)| evidence(object)).collect();
    // Somebody applied the source together with them.
    let mut on_cluster = sources_of(&seeds, &build);
    on_cluster.extend(seeds.into_iter().map(|(object, _)| object));
    let seeds = on_cluster;
    Some(Root {
        path: folder,
        base,
        seeds,
        strength: Strength::SelfSync,
        evidence,
        flux_folder: None,
        is_open: false,
        flux: None,
    })
}

/// The sources in a build that some of its Kustomizations read.
fn sources_of(readers: &[(Arc<Object>, Target)], build: &FolderBuild) -> Vec<Arc<Object>> {
    let is_read = |source: &SourceFact| {
        readers.iter().filter_map(|(object, _)| Kustomization::of(object)).any(|reader| {
            let own = &reader.object.id.namespace;
            reader.source_ref().is_some_and(|reference| source.is_meant(&reference, own))
        })
    };
    let is_source = |object: &&Arc<Object>| SourceFact::read(object).is_some_and(|source| is_read(&source));
    build.objects.iter().filter(is_source).cloned().collect()
}

/// The target of a Kustomization that syncs the folder that builds it, from this repository as far as is known.
fn target_of_self(land: &Landscape<'_>, object: &Arc<Object>, folder: &str, build: &FolderBuild) -> Option<Target> {
    let kustomization = Kustomization::of(object).filter(|it| is_complete(*it) && !it.is_remote())?;
    // A path with variables may mean this folder, which is no evidence.
    object.str("/spec/path").filter(|path| !has_variable(path))?;
    let file = land.file_of(object).filter(|file| !is_inactive(file))?;
    // Asked first because it is cheap: whatever a path counts from, the folder ends with it.
    is_end(&clean_path(object.str("/spec/path").unwrap_or_default()), folder).then_some(())?;
    let target = land.targets(kustomization, file).into_iter().find(|target| target.folder == folder)?;
    let reads = land.reads(kustomization, build);
    // An empty path proves nothing about whose repository it is. Where it is known which one this is, a Git repository whose
    // address is not known is not a part of it: the folder that the path would count from is only a guess.
    let is_guess = !target.base.is_empty() && land.addresses.are_proven && is_of_git(kustomization);
    let is_ours = reads == Reads::Ours || reads == Reads::Perhaps && !folder.is_empty() && !is_guess;
    is_ours.then_some(target)
}

fn is_of_git(kustomization: Kustomization<'_>) -> bool {
    kustomization.source_ref().is_some_and(|reference| reference.kind() == "GitRepository")
}

fn is_end(path: &str, folder: &str) -> bool {
    path.is_empty() || folder.strip_suffix(path).is_some_and(|above| above.is_empty() || above.ends_with('/'))
}

/// Whether another folder's build yields the same document with the same path, and this one lacks the source.
fn is_child(land: &Landscape<'_>, object: &Arc<Object>, folder: &str, build: &FolderBuild) -> bool {
    let (Some(kustomization), Some(file)) = (Kustomization::of(object), land.file_of(object)) else { return false };
    let Some(reference) = kustomization.source_ref() else { return false };
    let own = source_of(kustomization, &reference, &build.sources, SourceFacts::none()).flatten();
    if own.is_some_and(|address| land.addresses.contains(address)) {
        return false;
    }
    let below = land.listing.folders_of(folder);
    let others = land.listing.listers_of(file).into_iter().filter(|other| !below.contains(other) && *other != folder);
    let mut same = others.flat_map(|other| land.build(other).objects.clone());
    same.any(|other| span_of(&other) == span_of(object) && other.str("/spec/path") == object.str("/spec/path"))
}

/// The Kustomization as evidence.
pub(super) fn evidence(object: &Object) -> Option<Evidence> {
    let path = object.at("/spec/path").and_then(|path| path.place());
    let place = path.or_else(|| object.place())?;
    let (namespace, name) = (&object.id.namespace, &object.id.name);
    let shown = if namespace.is_empty() { name.to_string() } else { format!("{namespace}/{name}") };
    Some(Evidence { place, what: format!("Kustomization {shown}") })
}
