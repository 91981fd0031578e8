//! Where clusters begin: the roots of a fleet repository (flux-build-semantics section 7).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::manifests::Manifest;
use crate::flux::api::{Kustomization, group};
use crate::flux::build::clean_path;
use crate::flux::instance::{self, SyncObjects};
use crate::kustomize::Reader;
use crate::object::Object;
use crate::source::path::join;
use crate::source::url;
use crate::source::{EntryKind, Tree};
use crate::yaml::{Node, Origin, Span};

/// The namespace of Flux where nothing says otherwise.
const FLUX_NAMESPACE: &str = "flux-system";

/// Something that a cluster starts from.
#[derive(Clone, Debug)]
pub(super) struct Root {
    /// The folder that is synced, relative to the fleet repository.
    pub path: String,
    /// Where the artifact's root lies in the fleet repository: empty, or a folder that is pushed on its own.
    pub base: String,
    /// Objects that are on the cluster before anything is applied; the root Kustomization is the last one.
    pub seeds: Vec<Arc<Object>>,
    /// `flux bootstrap` installed Flux (gotk-sync).
    pub is_bootstrapped: bool,
    /// The folder of `gotk-sync.yaml`, where bootstrap keeps the controllers and the patches over them.
    pub flux_folder: Option<String>,
}

/// Tells which documents the build of a Kustomization yields, by the places of their roots.
pub(super) type Produced<'a> = dyn Fn(&Object) -> BTreeSet<Span> + Sync + 'a;

/// All roots of a repository, sorted by path; none in a catalogue repository.
pub(super) fn roots(manifests: &[Manifest], reader: Reader<'_>, produced: &Produced<'_>) -> Vec<Root> {
    let tree = reader.tree;
    let syncs: Vec<(&Manifest, SyncObjects)> =
        manifests.iter().filter_map(|manifest| Some((manifest, sync_of(manifest, reader)?))).collect();
    let mut roots: Vec<Root> =
        syncs.iter().filter_map(|(manifest, made)| instance_root(manifest, made, tree)).collect();
    roots.extend(lost_roots(&syncs, &roots, tree));
    roots.extend(bootstrap_roots(manifests, tree));
    if roots.is_empty() {
        roots = plain_roots(manifests, tree, produced);
    }
    roots.sort_by(|a, b| a.path.cmp(&b.path));
    roots
}

/// What a FluxInstance with a sync makes, or a HelmRelease of chart `flux-instance` whose values hold one.
fn sync_of(manifest: &Manifest, reader: Reader<'_>) -> Option<SyncObjects> {
    let (spec, namespace) = instance::spec_of(&manifest.object)?;
    instance::objects_of(spec, &namespace, reader).sync
}

fn instance_root(manifest: &Manifest, made: &SyncObjects, tree: &Tree) -> Option<Root> {
    let folder = made.folder();
    let base = artifact_base(tree, &manifest.path, &folder)?;
    Some(root_of(manifest, made, join(&base, &folder), base))
}

fn root_of(manifest: &Manifest, made: &SyncObjects, path: String, base: String) -> Root {
    let made = [&made.source, &made.kustomization].map(|object| Arc::new(object.clone()));
    let seeds = std::iter::once(Arc::clone(&manifest.object)).chain(made).collect();
    Root { path, base, seeds, is_bootstrapped: false, flux_folder: None }
}

/// The instances that sync a folder that does not exist, from a repository that is provably this one: it is called so, or
/// another instance syncs a folder of it from the same URL. Without that, the folder may be one of another repository.
fn lost_roots(syncs: &[(&Manifest, SyncObjects)], found: &[Root], tree: &Tree) -> Vec<Root> {
    let address = |source: &Object| source.str("/spec/url").map(url::normalize);
    let is_plain = |root: &&Root| root.base.is_empty() && !root.path.is_empty();
    let sources = found.iter().filter(is_plain).filter_map(|root| root.seeds.get(1));
    let own: BTreeSet<String> = sources.filter_map(|source| address(source)).collect();
    let is_lost = |(manifest, made): &&(&Manifest, SyncObjects)| {
        artifact_base(tree, &manifest.path, &made.folder()).is_none()
            && address(&made.source).is_some_and(|it| own.contains(&it) || *url::last_segment(&it) == *tree.repository)
    };
    syncs.iter().filter(is_lost).map(|(manifest, made)| root_of(manifest, made, made.folder(), String::new())).collect()
}

impl SyncObjects {
    /// The folder that is synced.
    fn folder(&self) -> String {
        clean_path(self.kustomization.str("/spec/path").unwrap_or_default())
    }
}

/// The folder of the repository below which the synced folder exists: the repository itself, or an ancestor of the file
/// that defines the root (a folder pushed as an artifact of its own).
fn artifact_base(tree: &Tree, file: &str, folder: &str) -> Option<String> {
    let parents = file.match_indices('/').map(|(index, _)| &file[..index]);
    std::iter::once("").chain(parents).find(|base| is_folder(tree, &join(base, folder))).map(str::to_owned)
}

/// `gotk-sync.yaml` with its source and Kustomization, or as an empty stub that bootstrap will fill.
fn bootstrap_roots(manifests: &[Manifest], tree: &Tree) -> Vec<Root> {
    let mut files: BTreeMap<&str, Vec<&Arc<Object>>> = BTreeMap::new();
    for manifest in manifests {
        files.entry(&manifest.path).or_default().push(&manifest.object);
    }
    let stubs = manifests_named(tree, "gotk-sync.yaml");
    stubs
        .iter()
        .filter_map(|path| bootstrap_root(path, files.get(path.as_str()).map_or(&[], Vec::as_slice), tree))
        .collect()
}

fn bootstrap_root(file: &str, objects: &[&Arc<Object>], tree: &Tree) -> Option<Root> {
    let kustomization = objects.iter().find(|object| Kustomization::of(object).is_some());
    let Some(kustomization) = kustomization else {
        let (folder, _) = file.rsplit_once('/')?;
        let (path, namespace) = folder.rsplit_once('/').unwrap_or(("", folder));
        let seeds = vec![assumed_kustomization(path, namespace)?];
        let flux_folder = Some(folder.to_owned());
        return Some(Root { path: path.to_owned(), base: String::new(), seeds, is_bootstrapped: true, flux_folder });
    };
    let path = clean_path(kustomization.str("/spec/path").unwrap_or_default());
    if !is_folder(tree, &path) {
        return None;
    }
    let others = objects.iter().filter(|object| !Arc::ptr_eq(object, kustomization));
    let seeds = others.chain([kustomization]).map(|object| Arc::clone(object)).collect();
    let flux_folder = file.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    Some(Root { path, base: String::new(), seeds, is_bootstrapped: true, flux_folder })
}

/// Kustomizations in plain files that no other Kustomization of the repository produces. One that produces itself is a
/// root of its own folder; the others are applied by hand, folder by folder.
fn plain_roots(manifests: &[Manifest], tree: &Tree, produced: &Produced<'_>) -> Vec<Root> {
    let kustomizations: Vec<(&Manifest, BTreeSet<Span>)> = manifests
        .par_iter()
        .filter(|manifest| Kustomization::of(&manifest.object).is_some())
        .map(|manifest| (manifest, produced(&manifest.object)))
        .collect();
    let is_made_by = |manifest: &Manifest, made: &BTreeSet<Span>| {
        manifest.object.root.origin.span.is_some_and(|span| made.contains(&span))
    };
    let mut roots = Vec::new();
    let mut folders = BTreeSet::new();
    for (index, (manifest, made)) in kustomizations.iter().enumerate() {
        // Two that sync one folder, and both lie in it, make each other: they are two roots of one cluster.
        let is_twin = |other: &Manifest| is_made_by(manifest, made) && synced(other) == synced(manifest);
        let mut others =
            kustomizations.iter().enumerate().filter(|(other, (twin, _))| *other != index && !is_twin(twin));
        if others.any(|(_, (_, made))| is_made_by(manifest, made)) {
            continue;
        }
        if is_made_by(manifest, made) {
            let path = synced(manifest);
            let seeds = vec![Arc::clone(&manifest.object)];
            roots.push(Root { path, base: String::new(), seeds, is_bootstrapped: false, flux_folder: None });
        } else if syncs_this_repository(manifest, tree) {
            folders.insert(manifest.path.rsplit_once('/').map_or("", |(folder, _)| folder));
        }
    }
    let topmost =
        folders.iter().filter(|folder| !folders.iter().any(|other| other != *folder && is_below(folder, other)));
    roots.extend(topmost.filter_map(|folder| {
        let seeds = vec![assumed_kustomization(folder, FLUX_NAMESPACE)?];
        let path = (*folder).to_owned();
        Some(Root { path, base: String::new(), seeds, is_bootstrapped: false, flux_folder: None })
    }));
    roots
}

/// The folder that a Kustomization syncs.
fn synced(manifest: &Manifest) -> String {
    clean_path(manifest.object.str("/spec/path").unwrap_or_default())
}

/// A Kustomization that nobody applied yet counts only if it reads a folder of this repository. One without `sourceRef` is
/// half a Kustomization: a parent's patches complete it.
fn syncs_this_repository(manifest: &Manifest, tree: &Tree) -> bool {
    let path = synced(manifest);
    manifest.object.at("/spec/sourceRef").is_some() && !path.is_empty() && is_folder(tree, &path)
}

/// The Kustomization that bootstrap would write for a folder. It has no origin: no text of the repository says this.
fn assumed_kustomization(path: &str, namespace: &str) -> Option<Arc<Object>> {
    let text = |value: &str| Node::string(value, Origin::default());
    let map = |fields: &[(&str, Node)]| {
        let mut node = Node::mapping(Vec::new(), Origin::default());
        if let Some(mapping) = node.as_mapping_mut() {
            fields.iter().for_each(|(key, value)| mapping.set(key, value.clone()));
        }
        node
    };
    let source = map(&[("kind", text("GitRepository")), ("name", text(namespace))]);
    let root = map(&[
        ("apiVersion", text(&format!("{}/v1", group::KUSTOMIZE))),
        ("kind", text("Kustomization")),
        ("metadata", map(&[("name", text(namespace)), ("namespace", text(namespace))])),
        ("spec", map(&[("path", text(path)), ("sourceRef", source)])),
    ]);
    Object::new(root).map(Arc::new)
}

fn is_folder(tree: &Tree, path: &str) -> bool {
    tree.entry(path) == Some(EntryKind::Folder)
}

fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// The paths of all files of a name, in byte order.
fn manifests_named(tree: &Tree, name: &str) -> Vec<String> {
    tree.files().into_iter().filter(|path| path.rsplit('/').next() == Some(name)).collect()
}
