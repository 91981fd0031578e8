//! Reconcilers: which there are, which folders they miss.

use std::collections::BTreeSet;

use crate::fleet::discover::similar_folder;
use crate::fleet::render::has_expression;
use crate::fleet::{AppliedBy, Cluster, ClusterObject, Fleet, Outcome, Reconciler, ReconcilerKind, Unseen};
use crate::flux::api::{FluxInstance, group, sparse_folders};
use crate::flux::build::clean_path;
use crate::near;
use crate::object::{Object, ObjectId};
use crate::source::EntryKind;

impl Fleet {
    /// Whether a cluster syncs a folder of the fleet repository.
    pub fn is_root(&self, folder: &str) -> bool {
        self.clusters.iter().any(|cluster| cluster.paths.iter().any(|path| path == folder))
    }

    /// A cluster by its name, or by the folder that its roots sync.
    pub fn find_cluster(&self, name: &str) -> Option<&Cluster> {
        let by_path = || self.clusters.iter().find(|cluster| cluster.paths.contains(&clean_path(name)));
        self.clusters.iter().find(|cluster| cluster.name == name).or_else(by_path)
    }

    /// The same object on another cluster, and that cluster.
    pub fn counterpart_of(&self, cluster: &Cluster, id: &ObjectId) -> Option<(&Cluster, &ClusterObject)> {
        let others = self.clusters.iter().filter(|other| !std::ptr::eq(*other, cluster));
        others.filter_map(|other| Some((other, other.get(id)?))).next()
    }

    /// The reconcilers that make an object on another cluster, or the policy or the original that it is copied by, and those
    /// that apply these, up to the root.
    pub fn makers_elsewhere(&self, cluster: &Cluster, id: &ObjectId) -> BTreeSet<ObjectId> {
        let Some((other, twin)) = self.counterpart_of(cluster, id) else { return BTreeSet::new() };
        let parts = match twin.by {
            AppliedBy::Copy { source, policy } => vec![source, policy],
            _ => Vec::new(),
        };
        let placed = parts.into_iter().filter_map(|index| other.objects.get(index)).chain([twin]);
        let makers = placed.filter_map(|placed| other.applied_by(placed));
        makers.flat_map(|maker| other.ancestors_and_self(maker)).map(|maker| maker.object.id.clone()).collect()
    }
}

impl Cluster {
    /// The reconcilers whose own object is known in full, with that object.
    pub fn settled_reconcilers(&self) -> impl Iterator<Item = (&Reconciler, &ClusterObject)> {
        self.reconcilers
            .iter()
            .map(|reconciler| (reconciler, &self.objects[reconciler.placed]))
            .filter(|(_, placed)| placed.settled)
    }

    /// The reconcilers of which a field is known, and the name, with that object: variables that are not known spoil only the
    /// fields that hold them.
    pub fn reconcilers_with_known(&self, pointer: &'static str) -> impl Iterator<Item = (&Reconciler, &ClusterObject)> {
        let all = self.reconcilers.iter().map(|reconciler| (reconciler, &self.objects[reconciler.placed]));
        // Without a namespace it is not applied, and what it refers to is not known.
        let has_namespace = |placed: &ClusterObject| !placed.object.id.namespace.is_empty();
        all.filter(move |(_, placed)| has_namespace(placed) && (placed.settled || self.is_known_at(placed, pointer)))
    }

    /// Whether an object is not known because of its variables only, and these are not in the field.
    pub(super) fn is_known_at(&self, placed: &ClusterObject, pointer: &str) -> bool {
        let is_built = self.applied_by(placed).is_some_and(|reconciler| match &reconciler.unseen {
            Unseen::Nothing => true,
            Unseen::Bounded(bounds) => bounds.remote.is_empty(),
            Unseen::Anything => false,
        });
        let mut fields = ["/metadata/name", "/metadata/namespace", pointer].into_iter();
        is_built && !fields.any(|field| placed.object.at(field).is_some_and(has_expression))
    }

    /// The reconcilers of one kind whose own object is known in full, with that object.
    pub fn reconcilers_of(&self, kind: ReconcilerKind) -> impl Iterator<Item = (&Reconciler, &ClusterObject)> {
        self.settled_reconcilers().filter(move |(reconciler, _)| reconciler.kind == kind)
    }

    /// A reconciler by kind, namespace and name.
    pub fn find_reconciler(&self, kind: ReconcilerKind, namespace: &str, name: &str) -> Option<&Reconciler> {
        let position = self.index().by_name.get(&(kind, namespace.into(), name.into()))?;
        self.reconcilers.get(*position)
    }

    /// The FluxInstance, where the Flux Operator runs Flux.
    pub fn flux_instance(&self) -> Option<&Object> {
        let mut instances = self.of_kind(group::OPERATOR, "FluxInstance").map(|placed| &*placed.object);
        instances.find(|object| FluxInstance::of(object).is_some())
    }

    /// Whether an object comes right from the folder that the cluster syncs.
    pub fn is_applied_by_root(&self, placed: &ClusterObject) -> bool {
        self.applied_by(placed).is_some_and(|reconciler| reconciler.parent.is_none())
    }

    /// The reconcilers that read a source.
    pub fn readers_of<'a>(&'a self, source: &'a ClusterObject) -> impl Iterator<Item = &'a Reconciler> {
        let id = &source.object.id;
        let read = (id.kind.clone(), id.namespace.clone(), id.name.clone());
        let readers = self.index().readers.get(&read).map(Vec::as_slice).unwrap_or_default();
        readers.iter().filter_map(|position| self.reconcilers.get(*position))
    }

    /// The Kustomizations whose folder does not exist in their source, with the folder.
    pub fn missing_paths(&self) -> impl Iterator<Item = (&Reconciler, String)> {
        let missing = self.reconcilers_of(ReconcilerKind::Kustomization).map(|(reconciler, _)| reconciler);
        missing
            .filter(|reconciler| reconciler.outcome == Outcome::PathNotFound)
            .map(|reconciler| (reconciler, clean_path(reconciler.object.str("/spec/path").unwrap_or_default())))
    }

    /// The Kustomizations whose path leads out of their source by `..`, with the folder that Flux builds instead. Those
    /// whose folder does not exist are left out: that is the defect.
    pub fn paths_out_of_source(&self) -> impl Iterator<Item = (&Reconciler, String)> {
        let kustomizations = self.reconcilers_of(ReconcilerKind::Kustomization).map(|(reconciler, _)| reconciler);
        kustomizations
            .filter(|reconciler| reconciler.outcome != Outcome::PathNotFound)
            .filter_map(|reconciler| Some((reconciler, reconciler.object.str("/spec/path")?)))
            .filter(|(_, path)| leads_out(path))
            .map(|(reconciler, path)| (reconciler, clean_path(path)))
    }

    /// An object of the same kind whose name, or else whose namespace, is spelled almost like this one.
    pub fn near_object(&self, id: &ObjectId) -> Option<&Object> {
        let slips = |it: &ObjectId| match (it.name == id.name, it.namespace == id.namespace) {
            (false, true) => Some(near::edit_distance(&it.name, &id.name)),
            (true, false) => Some(near::edit_distance(&it.namespace, &id.namespace)),
            _ => None,
        };
        let same = self.objects.of_kind(&id.group, &id.kind).map(|placed| &*placed.object);
        let near = same.filter_map(|it| Some((slips(&it.id).filter(|slips| *slips <= 2)?, it)));
        near.min_by_key(|(slips, _)| *slips).map(|(_, object)| object)
    }

    /// The name of an object of the same kind and namespace that is spelled almost like this one.
    pub fn near_name(&self, id: &ObjectId) -> Option<&str> {
        let same = self.objects.of_kind(&id.group, &id.kind).map(|placed| &placed.object.id);
        let named = same.filter(|it| it.namespace == id.namespace);
        let near = named.filter_map(|it| Some((near::edits_within(&it.name, &id.name, 2)?, it.name.as_str())));
        near.min().map(|(_, name)| name)
    }
}

impl Reconciler {
    /// The ConfigMaps and Secrets that it substitutes from and that nothing in the fleet makes.
    pub fn missing_ids(&self) -> impl Iterator<Item = ObjectId> {
        let namespace = &self.object.id.namespace;
        self.missing_sources.iter().map(|(kind, name)| ObjectId {
            group: "".into(),
            kind: kind.clone(),
            namespace: namespace.clone(),
            name: name.clone(),
        })
    }

    /// Whether it waits for a ConfigMap or Secret to substitute from.
    pub fn misses(&self, id: &ObjectId) -> bool {
        let missing = self.missing_sources.iter().any(|(kind, name)| *kind == id.kind && *name == id.name);
        missing && self.object.id.namespace == id.namespace
    }

    /// What it reads, as a message names it: repository and branch.
    pub fn source_shown(&self) -> String {
        let Some(source) = &self.source else { return "its source".to_owned() };
        match source.tree.as_ref().map(|tree| (&tree.repository, &tree.revision)) {
            Some((repository, Some(revision))) => format!("`{repository}` on `{revision}`"),
            Some((repository, None)) => format!("`{repository}`"),
            None => format!("{} `{}/{}`", source.kind, source.namespace, source.name),
        }
    }

    /// The part of a path up to the first segment that is not a folder of its source.
    pub fn missing_folder<'a>(&self, path: &'a str) -> Option<&'a str> {
        let tree = self.source.as_ref()?.tree.as_ref()?;
        let mut ends = path.match_indices('/').map(|(index, _)| index).chain([path.len()]);
        let end = ends.find(|&end| tree.entry(&path[..end]) != Some(EntryKind::Folder))?;
        path.get(..end)
    }

    /// The GitRepository whose `sparseCheckout` names no folder that holds this path, or part of it.
    pub fn leaves_out_by_sparse_checkout(&self, path: &str) -> Option<&Object> {
        let source = self.source.as_ref()?.object.as_deref()?;
        let folders = sparse_folders(source);
        let is_out = !folders.is_empty() && !folders.iter().any(|folder| path.starts_with(folder.as_str()));
        is_out.then_some(source)
    }

    /// A folder of its source that a person may have meant: the path with what stands too much before it left out, or one
    /// that is spelled almost like it, rather one that is not taken, because a cluster syncs it.
    pub fn nearest_folder(&self, path: &str, is_taken: &dyn Fn(&str) -> bool) -> Option<String> {
        let tree = self.source.as_ref()?.tree.as_ref()?;
        let mut tails = path.match_indices('/').map(|(index, _)| &path[index + 1..]).filter(|tail| tail.contains('/'));
        let shorter = tails.find(|tail| tree.entry(tail) == Some(EntryKind::Folder)).map(str::to_owned);
        shorter.or_else(|| similar_folder(tree, path, is_taken))
    }
}

/// Whether more `..` than folders are before some segment.
fn leads_out(path: &str) -> bool {
    let mut depth = 0_usize;
    path.split('/').any(|segment| {
        match segment {
            "" | "." => {}
            ".." if depth == 0 => return true,
            ".." => depth -= 1,
            _ => depth += 1,
        }
        false
    })
}
