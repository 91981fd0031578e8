//! R6: where nothing is declared, the structure of the repository says where clusters begin, or that it cannot be told.

pub(super) mod candidates;
pub(super) mod join;
mod peers;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::combine::Draft;
use super::folder_build::FolderBuild;
use super::landscape::Landscape;
use super::paths::{has_similar_folder, has_variable, is_folder};
use super::reads::{Reads, source_of};
use super::root::{Root, Strength};
use super::seeds::{FLUX_NAMESPACE, SourceName, root_kustomization};
use super::self_sync::evidence;
use super::target::Target;
use crate::flux::api::Kustomization;
use crate::flux::build::clean_path;
use crate::object::Object;
use crate::source::path::parent;
use candidates::Candidate;
use join::Group;
use peers::{shape, shared_roots};

/// What the structure of a repository says.
pub(super) enum Structure {
    /// One group of peers: they are the clusters, and why.
    Assumed(Vec<Draft>, String),
    /// Several groups, or candidates that do not qualify.
    Ambiguous(Vec<Candidate>, String),
    /// No candidate.
    Nothing,
}

/// Reads the structure from the candidates of a repository.
pub(super) fn read(land: &Landscape<'_>, candidates: &[Candidate]) -> Structure {
    if candidates.is_empty() {
        return Structure::Nothing;
    }
    let Some(groups) = join::groups(land, candidates) else {
        let why = "nothing in this repository applies the Kustomizations in these folders, and several clusters need some of them";
        return Structure::Ambiguous(candidates.to_vec(), why.to_owned());
    };
    let mut peers: BTreeMap<String, Vec<&Group>> = BTreeMap::new();
    let shared = shared_roots(&groups);
    groups.iter().for_each(|group| peers.entry(shape(group, &shared)).or_default().push(group));
    let qualify = |groups: &[&Group]| groups.iter().all(|group| qualifies(land, group));
    let chosen = match peers.len() {
        1 => peers
            .values()
            .next()
            .filter(|groups| qualify(groups))
            .map(|groups| (groups.clone(), mention_of(land, groups))),
        _ => chosen_by_text(land, &peers).filter(|(groups, _)| qualify(groups)),
    };
    match chosen {
        Some((groups, place)) => {
            Structure::Assumed(groups.iter().map(|it| draft(land, it)).collect(), reason(&groups, place))
        }
        None => Structure::Ambiguous(candidates.to_vec(), why_ambiguous(peers.len())),
    }
}

/// The group of peers whose folders texts name, if these name folders of one group only.
fn chosen_by_text<'g>(
    land: &Landscape<'_>,
    peers: &BTreeMap<String, Vec<&'g Group>>,
) -> Option<(Vec<&'g Group>, Option<String>)> {
    let mut found = peers.values().filter_map(|groups| Some((groups.clone(), mention_of(land, groups)?)));
    let (groups, mention) = found.next()?;
    found.next().is_none().then_some((groups, Some(mention)))
}

/// Where a text names one of the folders, as `file:line`.
fn mention_of(land: &Landscape<'_>, groups: &[&Group]) -> Option<String> {
    let roots = groups.iter().flat_map(|group| &group.roots);
    let named = roots.into_iter().find_map(|root| land.mentions().naming(root));
    named.map(|mention| mention.shown())
}

fn reason(groups: &[&Group], place: Option<String>) -> String {
    let mut seen = BTreeSet::new();
    let roots = groups.iter().flat_map(|it| &it.roots).filter(|root| seen.insert(*root));
    let folders: Vec<String> = roots.map(|it| format!("`{it}`")).collect();
    let why = place.map_or_else(
        || "nothing in the repository applies their Kustomizations".to_owned(),
        |place| format!("{place} names them"),
    );
    format!("which folders are synced is assumed: {} ({why})", folders.join(", "))
}

fn why_ambiguous(groups: usize) -> String {
    match groups {
        1 => "nothing in this repository applies the Kustomizations in these folders, and they read no folder of it"
            .to_owned(),
        _ => {
            "nothing in this repository applies the Kustomizations in these folders, and the folders do not look alike"
                .to_owned()
        }
    }
}

/// Whether the members of a group are what a cluster of this repository would sync.
fn qualifies(land: &Landscape<'_>, group: &Group) -> bool {
    let all: Vec<Fact> = group.members.iter().flat_map(|member| facts(land, member)).collect();
    let reads_here = all.iter().any(|fact| fact.exists && !fact.is_empty && fact.reads != Reads::Other);
    // A source that no file defines is this repository, if another path of it exists here: a missing one is a mistake.
    let is_here = |source: &SourceKey| all.iter().any(|fact| fact.source == *source && fact.exists && !fact.is_empty);
    let is_lost =
        all.iter().any(|fact| !fact.exists && !fact.is_empty && fact.reads == Reads::Perhaps && !is_here(&fact.source));
    let is_artifact = all.iter().all(|fact| fact.is_defined) && all.iter().any(|fact| fact.is_empty);
    reads_here && !is_lost || is_artifact
}

/// Kind, namespace and name of a source.
type SourceKey = Option<(String, String, String)>;

/// What step 5 asks of a Kustomization.
struct Fact {
    source: SourceKey,
    exists: bool,
    is_empty: bool,
    is_defined: bool,
    reads: Reads,
}

fn facts(land: &Landscape<'_>, candidate: &Candidate) -> Vec<Fact> {
    let fact = |(object, file): &(Arc<Object>, String)| {
        let kustomization = Kustomization::of(object)?;
        let path = object.str("/spec/path").unwrap_or_default();
        let clean = clean_path(path);
        let source = kustomization.source_ref();
        let key = source.as_ref().map(|it| {
            let namespace = it.namespace_or(&object.id.namespace).to_string();
            (it.kind().to_owned(), namespace, it.name().to_owned())
        });
        let address =
            source.and_then(|it| source_of(kustomization, &it, &candidate.build.sources, &land.sources).flatten());
        Some(Fact {
            source: key,
            exists: !land.targets(kustomization, file).is_empty() || is_nearly_there(land, path, &clean),
            is_empty: clean.is_empty(),
            is_defined: address.is_some(),
            reads: land.reads(kustomization, &candidate.build),
        })
    };
    candidate.kustomizations.iter().filter_map(fact).collect()
}

/// A missing path counts as existing where a similar folder exists, or the folder above: that is a finding later.
fn is_nearly_there(land: &Landscape<'_>, path: &str, clean: &str) -> bool {
    let has_parent = parent(clean).is_some_and(|above| !above.is_empty() && is_folder(land.tree, above));
    has_variable(path) || has_parent || has_similar_folder(land.tree, clean)
}

fn draft(land: &Landscape<'_>, group: &Group) -> Draft {
    let source = source_name(land, &group.roots);
    let base = base(land, group);
    let roots = group.roots.iter().filter_map(|folder| root(land, group, folder, &source, &base));
    Draft { roots: roots.collect(), kit: None }
}

fn root(land: &Landscape<'_>, group: &Group, folder: &str, source: &SourceName, base: &str) -> Option<Root> {
    let path = folder.strip_prefix(base).map_or(folder, |path| path.trim_start_matches('/'));
    let mut seed = root_kustomization(path, source)?;
    let is_taken = group.members.iter().flat_map(|member| &member.build.objects).any(|object| object.id == seed.id);
    if group.roots.len() > 1 || is_taken {
        // Roots of one cluster are different Kustomizations, and no root is one of those that it applies.
        let name = format!("{}-{}", source.name, folder.replace('/', "-"));
        seed = root_kustomization(path, source).and_then(|it| crate::fleet::discover::seeds::renamed(&it, &name))?;
    }
    let held = land.build(folder);
    let evidence = held.kustomizations().filter_map(|it| evidence(it.object)).take(1).collect();
    let (path, base) = (folder.to_owned(), base.to_owned());
    Some(Root {
        path,
        base,
        seeds: vec![seed],
        strength: Strength::Assumed,
        evidence,
        flux_folder: None,
        is_open: true,
        flux: None,
    })
}

/// The source that most Kustomizations with existing paths in some folders name; what `flux bootstrap` creates if there is
/// none.
pub(super) fn source_name(land: &Landscape<'_>, folders: &[String]) -> SourceName {
    let mut counts: BTreeMap<SourceName, usize> = BTreeMap::new();
    for build in folders.iter().map(|folder| land.build(folder)) {
        for kustomization in build.kustomizations() {
            if let Some(name) = own_source(land, kustomization, &build) {
                *counts.entry(name).or_default() += 1;
            }
        }
    }
    let most = counts.into_iter().max_by(|(a, left), (b, right)| left.cmp(right).then_with(|| b.cmp(a)));
    most.map_or_else(|| SourceName::of_bootstrap(FLUX_NAMESPACE), |(name, _)| name)
}

/// The source of a Kustomization that reads a folder of this repository.
fn own_source(land: &Landscape<'_>, kustomization: Kustomization<'_>, build: &FolderBuild) -> Option<SourceName> {
    let object = kustomization.object;
    let is_empty = clean_path(object.str("/spec/path").unwrap_or_default()).is_empty();
    let file = land.file_of(object)?;
    if is_empty || land.targets(kustomization, file).is_empty() || land.reads(kustomization, build) == Reads::Other {
        return None;
    }
    let reference = kustomization.source_ref()?;
    let namespace = reference.namespace_or(&object.id.namespace);
    let namespace = if namespace.is_empty() { FLUX_NAMESPACE.into() } else { namespace };
    Some(SourceName {
        kind: reference.kind().to_owned(),
        namespace: namespace.to_string(),
        name: reference.name().to_owned(),
    })
}

/// The folder from which the paths of the group's Kustomizations count; its roots are in it.
fn base(land: &Landscape<'_>, group: &Group) -> String {
    let all = group.members.iter().flat_map(|member| &member.kustomizations);
    let targets = all.filter_map(|(object, file)| Some(land.targets(Kustomization::of(object)?, file)));
    let mut bases = targets.flatten().map(|Target { base, .. }| base);
    let base = bases.find(|base| group.roots.iter().all(|root| super::paths::is_in(root, base)));
    base.unwrap_or_default()
}
