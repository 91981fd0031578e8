//! Which tree the roots of each cluster read (discovery.md, section 5): the working tree is what a pull request changes.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::discover::{FoundCluster, Landscape, Root};
use super::sources::{named, reference};
use super::{FleetNote, NoteReason};
use crate::flux::api::{Kustomization, group};
use crate::object::Object;
use crate::source::{Checkout, Reference, Resolution, Tree};

/// What the roots of a cluster read.
#[derive(Clone, Debug)]
pub(super) struct RootTree {
    pub tree: Arc<Tree>,
    /// What their source names; `None` where no file says it.
    pub reference: Option<Reference>,
    /// The clone does not hold what they name: the working tree stands for it. The line that fetches it, if there is one.
    pub missing: Option<Option<String>>,
}

/// The tree of each cluster, and a note where they name different branches.
pub(super) fn trees(
    clusters: &[FoundCluster],
    land: &Landscape<'_>,
    checkout: &Checkout,
) -> (Vec<RootTree>, Vec<FleetNote>) {
    let references: Vec<Option<Reference>> =
        clusters.iter().map(|cluster| cluster.roots.iter().find_map(|root| reference_of(root, land))).collect();
    let mut named_by: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (cluster, reference) in clusters.iter().zip(&references) {
        if let Some(reference) = reference {
            named_by.entry(named(reference)).or_default().push(&cluster.name);
        }
    }
    let is_checked_out =
        |reference: &Reference| reference.branch().is_some_and(|branch| checkout.branch.as_ref() == Some(&branch));
    let is_known = references.iter().flatten().any(is_checked_out);
    let differ = named_by.len() > 1;
    let tree = |reference: &Option<Reference>| {
        let other = reference.as_ref().filter(|it| differ && is_known && !is_checked_out(it));
        let found = other.map(|reference| checkout.at(reference));
        let (tree, missing) = match found {
            None => (Arc::clone(&checkout.tree), None),
            Some(Resolution::Tree(tree)) => (tree, None),
            Some(Resolution::NotInClone { fetch }) => (Arc::clone(&checkout.tree), Some(Some(fetch))),
            Some(_) => (Arc::clone(&checkout.tree), Some(None)),
        };
        RootTree { tree, reference: reference.clone(), missing }
    };
    let trees: Vec<RootTree> = references.iter().map(tree).collect();
    let mut notes: Vec<FleetNote> = Vec::new();
    if differ {
        notes.push(note(&named_by, is_known));
        notes.extend(clusters.iter().zip(&trees).filter_map(|(cluster, tree)| missing_note(cluster, tree)));
    }
    (trees, notes)
}

/// A cluster that is judged by the wrong tree, because the clone does not hold the right one.
fn missing_note(cluster: &FoundCluster, tree: &RootTree) -> Option<FleetNote> {
    let (fetch, reference) = (tree.missing.as_ref()?, tree.reference.as_ref()?);
    let message = format!(
        "cluster `{}` syncs {}, which this clone does not hold: it was judged by the files of the working tree",
        cluster.name,
        named(reference)
    );
    let help = match fetch {
        Some(line) => format!("run `{line}`"),
        None => "fetch or push it".to_owned(),
    };
    let mut note = FleetNote::new(NoteReason::NotInClone, message).help(help);
    note.clusters.insert(cluster.name.clone());
    Some(note)
}

/// What the source of a root names, as the seeds or the root's own build define it.
fn reference_of(root: &Root, land: &Landscape<'_>) -> Option<Reference> {
    let is_meant = |wanted: &crate::flux::api::Reference<'_>, object: &&Arc<Object>| {
        object.id.group == group::SOURCE && object.id.kind == wanted.kind() && object.id.name == wanted.name()
    };
    root.kustomizations().find_map(|seed| {
        let wanted = Kustomization::of(seed)?.source_ref()?;
        let seeded = root.seeds.iter().find(|object| is_meant(&wanted, object)).cloned();
        let built = || land.objects_of(&root.path).iter().find(|object| is_meant(&wanted, object)).cloned();
        seeded.or_else(built).map(|source| reference(&source).canonical())
    })
}

fn note(named_by: &BTreeMap<String, Vec<&str>>, is_known: bool) -> FleetNote {
    let parts: Vec<String> =
        named_by.iter().map(|(reference, clusters)| format!("{reference} ({})", clusters.join(", "))).collect();
    let read = match is_known {
        true => "the working tree is read for the one that is checked out, the clone's own objects for the others",
        false => "none of them is checked out, so all were judged by the working tree",
    };
    let message = format!("the clusters sync different revisions of this repository: {}; {read}", parts.join(", "));
    FleetNote::new(NoteReason::Revisions, message).help("check out the branch that a change is for")
}
