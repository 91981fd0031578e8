//! Candidates that belong together: `dependsOn` and `sourceRef` that resolve in another candidate (R6, step 4).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::candidates::Candidate;
use crate::fleet::discover::address::SourceFact;
use crate::fleet::discover::landscape::Landscape;
use crate::fleet::discover::paths::is_in;
use crate::flux::api::{Kustomization, Reference, depends_on};
use crate::object::{Object, ObjectId};
use crate::source::path::parent;
use crate::yaml::Span;

/// Candidates of one cluster, and the folders that are its roots.
pub(in crate::fleet::discover) struct Group {
    pub members: Vec<Candidate>,
    /// Sorted.
    pub roots: Vec<String>,
}

/// The candidates in groups, by their first member. `None` where a group would hold twins, because several clusters need the
/// same candidate: which folders are one cluster cannot be told then.
pub(in crate::fleet::discover) fn groups(land: &Landscape<'_>, candidates: &[Candidate]) -> Option<Vec<Group>> {
    let mut leader: Vec<usize> = (0..candidates.len()).collect();
    for (index, candidate) in candidates.iter().enumerate() {
        for other in joined_with(index, candidate, candidates) {
            unite(&mut leader, index, other);
        }
    }
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    (0..candidates.len()).for_each(|index| members.entry(find(&leader, index)).or_default().push(index));
    let sources = source_folders(land, candidates);
    let groups = members.into_values().map(|indexes| group(land, candidates, &indexes, &sources));
    groups.map(|group| (!holds_twins(&group.members)).then_some(group)).collect()
}

/// The folders of sources that each of the candidates reads.
pub(in crate::fleet::discover) fn sources_of(land: &Landscape<'_>, candidates: &[Candidate]) -> Vec<Vec<String>> {
    let sources = source_folders(land, candidates);
    candidates.iter().map(|candidate| wanted_sources(candidate, &sources)).collect()
}

fn holds_twins(members: &[Candidate]) -> bool {
    members.iter().enumerate().any(|(index, one)| members[index + 1..].iter().any(|other| is_twin(one, other)))
}

fn group(land: &Landscape<'_>, all: &[Candidate], indexes: &[usize], sources: &[(String, Vec<SourceFact>)]) -> Group {
    let members: Vec<Candidate> = indexes.iter().filter_map(|index| all.get(*index)).cloned().collect();
    let mut folders: BTreeSet<String> = members.iter().map(|member| member.folder.clone()).collect();
    folders.extend(members.iter().flat_map(|member| wanted_sources(member, sources)));
    let outside: Vec<&Candidate> = all.iter().filter(|it| !folders.contains(&it.folder)).collect();
    let common = common_folder(&folders).filter(|common| {
        folders.len() > 1
            && !outside.iter().any(|it| is_in(&it.folder, common))
            && holds_no_more(land, common, &folders)
    });
    let roots = common.map_or_else(|| folders.into_iter().collect(), |common| vec![common]);
    Group { members, roots }
}

/// The other candidates that define what a candidate waits for or reads and does not define itself.
fn joined_with(index: usize, candidate: &Candidate, all: &[Candidate]) -> Vec<usize> {
    let mut found = Vec::new();
    for (object, _) in &candidate.kustomizations {
        for (_, wanted) in depends_on(object) {
            found.extend(definer(index, candidate, all, &|other| defines(other, object, &wanted)));
        }
        let reference = Kustomization::of(object).and_then(Kustomization::source_ref);
        let own = &object.id.namespace;
        found.extend(reference.and_then(|wanted| {
            definer(index, candidate, all, &|other| other.build.sources.iter().any(|it| it.is_meant(&wanted, own)))
        }));
    }
    found
}

/// The candidate that defines something: of several the one that shares most segments of the path, and none on a tie.
fn definer(index: usize, own: &Candidate, all: &[Candidate], defines: &dyn Fn(&Candidate) -> bool) -> Option<usize> {
    if defines(own) {
        return None;
    }
    let others = all.iter().enumerate().filter(|(other, _)| *other != index);
    let defining = others.filter(|(_, other)| defines(other) && !is_twin(own, other));
    let mut ranked: Vec<(usize, usize)> =
        defining.map(|(other, it)| (shared_segments(&own.folder, &it.folder), other)).collect();
    ranked.sort_unstable_by(|a, b| b.cmp(a));
    match ranked.as_slice() {
        [(_, only)] => Some(*only),
        [(best, first), (second, _), ..] if best > second => Some(*first),
        _ => None,
    }
}

/// Whether two candidates hold a Kustomization of one name: they are for different clusters, because they would fight on one.
fn is_twin(one: &Candidate, other: &Candidate) -> bool {
    let ids =
        |it: &Candidate| -> BTreeSet<ObjectId> { it.kustomizations.iter().map(|(it, _)| it.id.clone()).collect() };
    !ids(one).is_disjoint(&ids(other))
}

fn defines(candidate: &Candidate, from: &Object, wanted: &Reference<'_>) -> bool {
    let namespace = wanted.namespace_or(&from.id.namespace);
    candidate.kustomizations.iter().any(|(object, _)| {
        let own = &object.id.namespace;
        object.id.name == wanted.name() && (own.is_empty() || namespace.is_empty() || *own == namespace)
    })
}

fn shared_segments(left: &str, right: &str) -> usize {
    let right: BTreeSet<&str> = right.split('/').collect();
    left.split('/').filter(|segment| right.contains(segment)).count()
}

/// Folders that hold only sources: they join, but start no cluster.
fn source_folders(land: &Landscape<'_>, candidates: &[Candidate]) -> Vec<(String, Vec<SourceFact>)> {
    let mut folders: BTreeMap<String, Vec<SourceFact>> = BTreeMap::new();
    for manifest in land.manifests {
        let Some(fact) = SourceFact::read(&manifest.object) else { continue };
        for folder in land.listing.builders_of(&manifest.path) {
            folders.entry(folder.to_owned()).or_default().push(fact.clone());
        }
    }
    let is_free = |folder: &String| !candidates.iter().any(|it| is_in(folder, &it.folder) || is_in(&it.folder, folder));
    let is_built = |folder: &str| land.build(folder).kustomizations().next().is_some();
    folders.into_iter().filter(|(folder, _)| is_free(folder) && !is_built(folder)).collect()
}

fn wanted_sources(member: &Candidate, folders: &[(String, Vec<SourceFact>)]) -> Vec<String> {
    let wanted = |(object, _): &(Arc<Object>, String)| {
        let kustomization = Kustomization::of(object)?;
        let reference = kustomization.source_ref()?;
        let own = &object.id.namespace;
        let is_meant = |facts: &[SourceFact]| facts.iter().any(|fact| fact.is_meant(&reference, own));
        if is_meant(&member.build.sources) {
            return None;
        }
        let mut found = folders.iter().filter(|(_, facts)| is_meant(facts)).map(|(folder, _)| folder.clone());
        found.next().filter(|_| found.next().is_none())
    };
    let found: BTreeSet<String> = member.kustomizations.iter().filter_map(wanted).collect();
    found.into_iter().collect()
}

/// The lowest folder above all of them; the root of the repository is none.
fn common_folder(folders: &BTreeSet<String>) -> Option<String> {
    let first = folders.first()?;
    let above = std::iter::successors(Some(first.as_str()), |folder| parent(folder));
    above
        .filter(|folder| !folder.is_empty())
        .find(|folder| folders.iter().all(|it| is_in(it, folder)))
        .map(str::to_owned)
}

/// Whether a folder builds, and builds what some folders in it build and nothing else.
fn holds_no_more(land: &Landscape<'_>, common: &str, folders: &BTreeSet<String>) -> bool {
    let all = land.build(common);
    let parts: BTreeSet<Span> = folders.iter().flat_map(|folder| land.build(folder).documents.clone()).collect();
    !all.is_refused && all.documents == parts
}

fn find(leader: &[usize], index: usize) -> usize {
    let mut at = index;
    while leader[at] != at {
        at = leader[at];
    }
    at
}

fn unite(leader: &mut [usize], left: usize, right: usize) {
    let (left, right) = (find(leader, left), find(leader, right));
    leader[left.max(right)] = left.min(right);
}
