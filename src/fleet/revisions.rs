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
}

/// The tree of each cluster, and a note where they name different branches.
pub(super) fn trees(
    clusters: &[FoundCluster],
    land: &Landscape<'_>,
    checkout: &Checkout,
) -> (Vec<RootTree>, Option<FleetNote>) {
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
    let differ = named_by.len() > 1 && references.iter().flatten().any(is_checked_out);
    let tree = |reference: &Option<Reference>| match reference {
        Some(reference) if differ && !is_checked_out(reference) => other_tree(checkout, reference),
        _ => Arc::clone(&checkout.tree),
    };
    let trees = references.iter().map(|it| RootTree { tree: tree(it), reference: it.clone() }).collect();
    (trees, (named_by.len() > 1).then(|| note(&named_by)))
}

/// What the repository's own objects hold; the working tree where the clone lacks it.
fn other_tree(checkout: &Checkout, reference: &Reference) -> Arc<Tree> {
    match checkout.at(reference) {
        Resolution::Tree(tree) => tree,
        _ => Arc::clone(&checkout.tree),
    }
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

fn note(named_by: &BTreeMap<String, Vec<&str>>) -> FleetNote {
    let parts: Vec<String> =
        named_by.iter().map(|(reference, clusters)| format!("{reference} ({})", clusters.join(", "))).collect();
    let message = format!(
        "the clusters sync different revisions of this repository: {}; where one of them is checked out, the others are \
         read from the clone's own objects, as far as it holds them",
        parts.join(", ")
    );
    FleetNote::new(NoteReason::Revisions, message).help("check out the branch that a change is for")
}
