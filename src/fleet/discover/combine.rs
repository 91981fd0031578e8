//! R5: which roots are children of others, and which are one cluster.

use std::sync::Arc;

use super::address::SourceFact;
use super::alike::{apply_alike, are_copies};
use super::claim::Claimed;
use super::folder_build::span_of;
use super::kit::Kit;
use super::landscape::Landscape;
use super::paths::is_in;
use super::reach::Reach;
use super::root::{Root, Strength};
use super::source_facts::SourceFacts;
use super::target::Target;
use crate::fleet::{FleetNote, NoteReason};
use crate::object::Object;
use crate::source::path::parent;
use crate::yaml::Span;

/// The roots of one cluster.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub roots: Vec<Root>,
    /// What names the cluster where its roots share nothing, or where another cluster has the same.
    pub kit: Option<String>,
}

impl Draft {
    /// A cluster of one root.
    pub(super) fn of(root: Root) -> Self {
        Self { roots: vec![root], kit: None }
    }

    /// Adds a root of the same folder. What the folder's own build holds need not be there before it, and values in a file
    /// only repeat what an object says.
    fn take(&mut self, root: Root) {
        if matches!(root.strength, Strength::Values | Strength::SelfSync) {
            self.roots.iter_mut().take(1).for_each(|first| first.evidence.extend(root.evidence.iter().cloned()));
        } else {
            self.roots.push(root);
        }
    }

    /// Whether another cluster, or this one, has the same folders.
    pub(super) fn shares_paths(&self, other: &Self) -> bool {
        self.paths().all(|path| other.holds(path)) && other.paths().all(|path| self.holds(path))
    }

    fn holds(&self, folder: &str) -> bool {
        self.paths().any(|path| path == folder)
    }

    /// Its folders.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.roots.iter().map(|root| root.path.as_str())
    }
}

/// The clusters that roots of R1 and R2 are: children left out, roots of one folder together.
pub(super) fn clusters(land: &Landscape<'_>, roots: Vec<Root>, claimed: &mut Claimed) -> Vec<Draft> {
    let roots = without_children(land, roots);
    let drafts = by_folder(land, roots);
    without_nested(land, drafts, claimed)
}

/// The kits that are clusters of their own: a root that is known or that another tree applies is not a root of a kit.
pub(super) fn kits(land: &Landscape<'_>, clusters: &[Draft], kits: Vec<Kit>) -> Vec<Draft> {
    let reaches: Vec<Reach> = clusters.iter().flat_map(|draft| &draft.roots).map(|root| reach(land, root)).collect();
    let is_known = |root: &Root| {
        let is_root = clusters.iter().any(|draft| draft.paths().any(|path| path == root.path));
        is_root || reaches.iter().any(|reach| reach.builds(land, &root.path))
    };
    let mut found: Vec<Draft> = Vec::new();
    for Kit { folder, roots } in kits {
        let roots: Vec<Root> = roots.into_iter().filter(|root| !is_known(root)).collect();
        let is_same = |draft: &&mut Draft| {
            draft.roots.len() == roots.len()
                && draft.roots.iter().zip(&roots).all(|(one, other)| are_copies(one, other))
        };
        if let Some(same) = found.iter_mut().find(is_same) {
            let evidence = roots.into_iter().flat_map(|root| root.evidence);
            same.roots.iter_mut().take(1).for_each(|root| root.evidence.extend(evidence.clone().collect::<Vec<_>>()));
        } else if !roots.is_empty() {
            found.push(Draft { roots, kit: Some(folder) });
        }
    }
    found
}

/// The tree below the Kustomizations of a root that sync its folder.
pub(super) fn reach(land: &Landscape<'_>, root: &Root) -> Reach {
    let sources: SourceFacts = root.seeds.iter().filter_map(|seed| SourceFact::read(seed)).collect();
    Reach::below(land, starts(root), &sources)
}

/// The Kustomizations of a root that sync its folder, each with this target.
fn starts(root: &Root) -> impl Iterator<Item = (Arc<Object>, Target)> {
    let target = Target { base: root.base.clone(), folder: root.path.clone() };
    root.kustomizations().map(move |seed| (Arc::clone(seed), target.clone()))
}

fn documents(root: &Root) -> impl Iterator<Item = Span> + '_ {
    root.kustomizations().filter_map(|seed| span_of(seed))
}

/// Leaves out what another root's tree applies. What installs Flux stays.
fn without_children(land: &Landscape<'_>, roots: Vec<Root>) -> Vec<Root> {
    if roots.iter().all(Root::is_of_installation) {
        return roots;
    }
    let reaches: Vec<Reach> = roots.iter().map(|root| reach(land, root)).collect();
    let documents: Vec<Vec<Span>> = roots.iter().map(|root| documents(root).collect()).collect();
    let applies = |parent: usize, child: usize| {
        let (reach, path) = (&reaches[parent], &roots[child].path);
        reach.builds(land, path) || documents[child].iter().any(|document| reach.applies(land, *document, path))
    };
    let is_child = |index: usize| {
        let root = &roots[index];
        let mut others = roots.iter().enumerate().filter(|(_, other)| other.path != root.path);
        !root.is_of_installation()
            && others.any(|(other, parent)| {
                // Of two that apply each other the first one is the root.
                let is_mutual = || other > index && !parent.is_of_installation() && applies(index, other);
                applies(other, index) && !is_mutual()
            })
    };
    let kept: Vec<bool> = (0..roots.len()).map(|index| !is_child(index)).collect();
    roots.into_iter().zip(kept).filter(|(_, kept)| *kept).map(|(root, _)| root).collect()
}

/// Roots with the same folder are one cluster, unless what installs Flux says so twice and differently: these are clusters
/// that share the folder.
fn by_folder(land: &Landscape<'_>, mut roots: Vec<Root>) -> Vec<Draft> {
    roots.sort_by(|a, b| (&a.path, a.strength).cmp(&(&b.path, b.strength)));
    let mut drafts: Vec<Draft> = Vec::new();
    for root in roots {
        let sharing = drafts.iter().position(|draft| draft.holds(&root.path));
        let cluster = cluster_of(&drafts, &root).or(sharing).filter(|_| !is_other_cluster(&drafts, &root));
        match cluster.and_then(|cluster| drafts.get_mut(cluster)) {
            Some(draft) => draft.take(root),
            None => drafts.push(Draft::of(root)),
        }
    }
    with_labels(land, drafts)
}

/// Names clusters that share a folder by the files that tell of them.
fn with_labels(land: &Landscape<'_>, mut drafts: Vec<Draft>) -> Vec<Draft> {
    let file = |draft: &Draft| {
        let evidence = draft.roots.iter().flat_map(|root| &root.evidence).next()?;
        land.path_of(evidence.place.file).map(str::to_owned)
    };
    let shares = |draft: &Draft| drafts.iter().filter(|other| draft.shares_paths(other)).count() > 1;
    let files: Vec<Option<String>> = drafts.iter().map(|it| file(it).filter(|_| shares(it))).collect();
    let is_alone = |folder: &str| files.iter().flatten().filter(|file| label_folder(file) == folder).count() == 1;
    let label = |file: &String| match label_folder(file) {
        folder if is_alone(folder) => folder.to_owned(),
        _ => file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem).to_owned(),
    };
    let labels: Vec<Option<String>> = files.iter().map(|file| file.as_ref().map(label)).collect();
    drafts.iter_mut().zip(labels).for_each(|(draft, label)| draft.kit = label);
    drafts
}

/// The folder that tells which cluster a file is for.
fn label_folder(file: &str) -> &str {
    let folder = parent(file).unwrap_or_default();
    folder.strip_suffix("/flux-system").unwrap_or(folder)
}

/// The cluster that applies the same as a root of the same folder.
fn cluster_of(drafts: &[Draft], root: &Root) -> Option<usize> {
    drafts.iter().position(|draft| draft.roots.iter().any(|it| apply_alike(it, root)))
}

/// Whether all clusters that share the folder of a root have one that is of the same kind and differs. What is of another
/// kind is what Flux was installed by before.
fn is_other_cluster(drafts: &[Draft], root: &Root) -> bool {
    let mut sharing = drafts.iter().filter(|draft| draft.holds(&root.path)).peekable();
    let can_differ = matches!(root.strength, Strength::Instance | Strength::Bootstrap | Strength::HelmRelease);
    can_differ
        && sharing.peek().is_some()
        && sharing.all(|draft| {
            let mut of_kind = draft.roots.iter().filter(|it| it.strength == root.strength).peekable();
            of_kind.peek().is_some() && of_kind.all(|it| !apply_alike(it, root))
        })
}

/// A root inside another root that builds all of it is the same cluster: the stronger evidence gives the folder.
fn without_nested(land: &Landscape<'_>, drafts: Vec<Draft>, claimed: &mut Claimed) -> Vec<Draft> {
    let mut kept: Vec<Draft> = Vec::new();
    for draft in drafts {
        match kept.iter_mut().find(|outer| is_same_cluster(land, outer, &draft)) {
            Some(outer) => join(outer, draft, claimed),
            None => kept.push(draft),
        }
    }
    kept
}

fn is_same_cluster(land: &Landscape<'_>, outer: &Draft, inner: &Draft) -> bool {
    let (Some(outer), Some(inner)) = (outer.roots.first(), inner.roots.first()) else { return false };
    if !is_in(&inner.path, &outer.path) || inner.path == outer.path {
        return false;
    }
    let (all, part) = (land.build(&outer.path), land.build(&inner.path));
    !part.documents.is_empty() && part.documents.is_subset(&all.documents)
}

fn join(outer: &mut Draft, mut inner: Draft, claimed: &mut Claimed) {
    let strength = |draft: &Draft| draft.roots.iter().map(|root| root.strength).min();
    if strength(&inner) < strength(outer) {
        std::mem::swap(outer, &mut inner);
    }
    let (Some(kept), Some(other)) = (outer.roots.first_mut(), inner.roots.first()) else { return };
    let message =
        format!("`{}` and `{}` are treated as one cluster: one folder builds all of the other", kept.path, other.path);
    let place = other.evidence.first().map(|evidence| evidence.place);
    let help = "if this is wrong, say in `clusters:` of fleetlint.yaml which of them is the cluster";
    claimed.notes.push(FleetNote::new(NoteReason::OneCluster, message).help(help).at(place));
    kept.evidence.extend(inner.roots.into_iter().flat_map(|root| root.evidence));
}
