//! R8: the Kustomizations that no cluster applies, and the folders among them that look like a cluster.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::combine;
use super::configured::is_unapplied;
use super::folder_build::span_of;
use super::landscape::Landscape;
use super::paths::{is_folder, is_for_tests, is_in, is_inactive, similar_folder};
use super::reach::Reach;
use super::root::{Root, Strength};
use super::seeds::plain_kustomization;
use super::self_sync::evidence;
use super::source_facts::SourceFacts;
use super::structure::candidates::{self, Candidate, Known};
use super::target::Target;
use super::{Question, Unapplied};
use crate::config::PathPattern;
use crate::flux::api::Kustomization;
use crate::flux::build::clean_path;
use crate::object::Object;
use crate::source::path::{join, parent};
use crate::yaml::Span;

/// What the clusters of a run apply, as far as the search for what is left over asks.
pub(in crate::fleet) struct Applied<'a> {
    pub roots: Vec<&'a Root>,
    /// Where the documents of all applied objects are written.
    pub documents: BTreeSet<Span>,
    /// The folders that misspelt paths are taken to mean.
    pub meant: &'a BTreeSet<String>,
    /// What the configuration says is left out on purpose.
    pub on_purpose: &'a [PathPattern],
}

/// What is left over.
#[derive(Default)]
pub(in crate::fleet) struct LeftOver {
    pub questions: Vec<Question>,
    pub unapplied: Vec<Unapplied>,
}

/// Finds what no cluster applies. Variables in paths stand for every folder that fits: what a tree may apply is applied.
pub(in crate::fleet) fn find(land: &Landscape<'_>, applied: &Applied<'_>) -> LeftOver {
    let mut documents = applied.documents.clone();
    documents.extend(applied.roots.iter().flat_map(|root| combine::reach(land, root).documents(land)));
    documents.extend(applied.roots.iter().flat_map(|root| &root.seeds).filter_map(|seed| span_of(seed)));
    documents.extend(meant_documents(land, applied, &documents));
    let is_applied = |object: &Object| span_of(object).is_some_and(|span| documents.contains(&span));
    let is_taken = |candidate: &Candidate| {
        let is_meant = applied.meant.iter().any(|folder| is_in(&candidate.folder, folder));
        let mut files = candidate.kustomizations.iter().map(|(_, file)| file);
        is_meant || is_copy(candidate, applied) || files.all(|file| is_unapplied(applied.on_purpose, file))
    };
    let candidates = candidates::find(land, &Known { is_applied: &is_applied, is_taken: &is_taken }).candidates;
    let questions: Vec<(Candidate, String)> = candidates
        .into_iter()
        .filter_map(|it| {
            let why = why_asked(land, &it, applied).filter(|_| !is_for_tests(&it.folder))?;
            Some((it, why))
        })
        .collect();
    let asked: BTreeSet<Span> =
        questions.iter().flat_map(|(it, _)| &it.kustomizations).filter_map(|(it, _)| span_of(it)).collect();
    let copies = copied(land, applied, &is_applied);
    let is_left = |object: &Arc<Object>, file: &str| {
        let span = span_of(object);
        let is_known = span.is_some_and(|span| asked.contains(&span) || copies.contains(&span));
        let is_left_out =
            is_inactive(file) || parent(file).is_some_and(is_for_tests) || is_unapplied(applied.on_purpose, file);
        !is_applied(object) && !is_known && !is_left_out
    };
    let unapplied = land.kustomizations().filter(|(manifest, it)| {
        says_something(land, *it, &manifest.path) && is_left(&manifest.object, &manifest.path)
    });
    let unapplied =
        unapplied.filter_map(|(manifest, _)| Unapplied::of(land, &manifest.object, &manifest.path)).collect();
    let questions = questions.into_iter().map(|(candidate, why)| Question::of(&candidate, why)).collect();
    LeftOver { questions, unapplied }
}

/// What the folders would apply that misspelt paths are taken to mean: the path is the finding.
fn meant_documents(land: &Landscape<'_>, applied: &Applied<'_>, documents: &BTreeSet<Span>) -> BTreeSet<Span> {
    let lost = land.kustomizations().filter(|(manifest, it)| {
        let is_applied = span_of(&manifest.object).is_some_and(|span| documents.contains(&span));
        is_applied && land.targets(*it, &manifest.path).is_empty()
    });
    let paths = lost.filter_map(|(_, it)| it.object.str("/spec/path"));
    let is_root = |path: &str| applied.roots.iter().any(|root| root.path == path);
    let similar = paths.filter_map(|path| similar_folder(land.tree, &clean_path(path), &is_root));
    let folders: BTreeSet<String> = similar.chain(applied.meant.iter().cloned()).collect();
    let start = |folder: String| Some((plain_kustomization(&folder)?, Target { base: String::new(), folder }));
    Reach::below(land, folders.into_iter().filter_map(start), SourceFacts::none()).documents(land)
}

/// A patch is half a Kustomization; others may be completed by the patches of who would apply them.
fn says_something(land: &Landscape<'_>, kustomization: Kustomization<'_>, file: &str) -> bool {
    let is_begun = kustomization.path().is_some() || kustomization.source_ref().is_some();
    is_begun && !land.listing.is_patch(file)
}

/// A folder whose build holds the root Kustomization of a known cluster is a copy of its seeds.
fn is_copy(candidate: &Candidate, applied: &Applied<'_>) -> bool {
    let is_seed = |object: &Object| {
        let mut seeds = applied.roots.iter().flat_map(|root| root.seeds.iter().map(move |seed| (root, seed)));
        seeds.any(|(root, seed)| Kustomization::of(seed).is_some() && is_same_root(object, seed, root))
    };
    candidate.build.kustomizations().any(|it| is_seed(it.object))
        || candidate.kustomizations.iter().any(|(object, _)| is_seed(object))
}

/// Whether an object is the root Kustomization of a cluster, or a copy that was rendered into another file.
fn is_same_root(object: &Object, seed: &Object, root: &Root) -> bool {
    // A kit is applied as it is: the same Kustomization in another folder is for another cluster.
    if root.strength == Strength::Kit {
        return span_of(object) == span_of(seed);
    }
    let is_named = object.id.name == seed.id.name && object.id.kind == seed.id.kind;
    let path = crate::flux::build::clean_path(object.str("/spec/path").unwrap_or_default());
    is_named && join(&root.base, &path) == root.path
}

/// The documents of folders that are copies of seeds, those that kits are made from included. Only a folder with a
/// Kustomization of the name of a root can be one, and it matters only where something in it is not applied.
fn copied(land: &Landscape<'_>, applied: &Applied<'_>, is_applied: &dyn Fn(&Object) -> bool) -> BTreeSet<Span> {
    let roots: Vec<(&Root, &Arc<Object>)> =
        applied.roots.iter().flat_map(|root| root.kustomizations().map(move |seed| (*root, seed))).collect();
    let is_named = |object: &Object| roots.iter().any(|(_, seed)| seed.id.name == object.id.name);
    let folders_with = |wanted: &dyn Fn(&Object) -> bool| -> BTreeSet<&str> {
        let wanted = land.kustomizations().filter(|(manifest, _)| wanted(&manifest.object));
        let files: BTreeSet<&str> = wanted.map(|(manifest, _)| manifest.path.as_str()).collect();
        files.into_iter().flat_map(|file| land.listing.builders_of(file)).collect()
    };
    let open = folders_with(&|object| !is_applied(object));
    let folders = folders_with(&is_named).into_iter().filter(|folder| open.contains(folder));
    let is_root = |object: &Object| {
        roots.iter().any(|(root, seed)| span_of(seed) == span_of(object) || is_same_root(object, seed, root))
    };
    let builds = folders.filter(|folder| !folder.is_empty()).map(|folder| land.build(folder));
    let copies = builds.filter(|build| build.kustomizations().any(|it| is_root(it.object)));
    copies.flat_map(|build| build.documents.clone()).collect()
}

/// Why a folder looks like a cluster that is not there yet; `None` where it does not.
fn why_asked(land: &Landscape<'_>, candidate: &Candidate, applied: &Applied<'_>) -> Option<String> {
    let folder = candidate.folder.as_str();
    let beside = applied.roots.iter().find(|root| !root.path.is_empty() && parent(&root.path) == parent(folder));
    let lists = land
        .listing
        .missing(folder)
        .iter()
        .any(|entry| entry.trim_end_matches('/').rsplit('/').next() == Some("flux-system"));
    let lists = lists && !is_folder(land.tree, &join(folder, "flux-system"));
    let applied_by_hand = land.mentions().naming(folder);
    let mut reasons: Vec<String> = Vec::new();
    reasons.extend(beside.map(|root| format!("beside {}, applied by nothing", root.path)));
    reasons.extend(lists.then(|| "lists `flux-system`, which does not exist: not bootstrapped yet?".to_owned()));
    if reasons.is_empty() {
        return None;
    }
    reasons.extend(applied_by_hand.map(|mention| format!("{} names {}", mention.shown(), mention.path())));
    Some(reasons.join(", "))
}

impl Unapplied {
    fn of(land: &Landscape<'_>, object: &Object, file: &str) -> Option<Self> {
        let place = object.root.origin.span?;
        let line = land.tree.file(file).ok()?.position(place.start).line;
        Some(Self { place, shown: format!("{file}:{line}"), object: evidence(object)?.what })
    }
}
