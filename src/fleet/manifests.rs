//! All manifests of a repository, parsed in parallel; of these, what a cluster may start from.

use std::sync::Arc;

use rayon::prelude::*;

use super::installers::{self, Unread};
use crate::flux::api::group;
use crate::kustomize::FILE_NAMES;
use crate::object::Object;
use crate::problem::Problem;
use crate::source::Tree;
use crate::yaml::{Documents, Node};

/// The groups of Flux 1.
const FLUX_ONE: [&str; 2] = ["helm.fluxcd.io", "flux.weave.works"];

/// An object as it is in a file, before any build.
#[derive(Clone, Debug)]
pub(super) struct Manifest {
    /// The file, relative to the repository.
    pub path: String,
    pub object: Arc<Object>,
}

/// What the files of a repository hold.
#[derive(Debug, Default)]
pub(super) struct Manifests {
    /// The objects of Flux and the Flux Operator, in the order of the paths, then of the documents.
    pub flux: Vec<Manifest>,
    /// The files that only Flux 1 reads, and what shows it.
    pub flux_one: Vec<(String, String)>,
    /// The files with manifests of any kind, kustomization files included, in the order of the paths.
    pub files: Vec<String>,
    /// What may install Flux and cannot be read.
    pub unread: Vec<Unread>,
}

/// Reads every `.yaml` and `.yml` file of a repository, so that later stages find it parsed.
pub(super) fn read(tree: &Tree, documents: &Documents) -> Manifests {
    let paths: Vec<String> = tree.files().into_iter().filter(|path| is_manifest(path)).collect();
    let files: Vec<Manifests> = paths.par_iter().map(|path| read_file(tree, documents, path)).collect();
    files.into_iter().fold(Manifests::default(), |mut all, file| {
        all.flux.extend(file.flux);
        all.flux_one.extend(file.flux_one);
        all.files.extend(file.files);
        all.unread.extend(file.unread);
        all
    })
}

fn is_manifest(path: &str) -> bool {
    path.ends_with(".yaml") || path.ends_with(".yml") || is_kustomization(path)
}

fn is_kustomization(path: &str) -> bool {
    FILE_NAMES.contains(&path.rsplit('/').next().unwrap_or(path))
}

fn read_file(tree: &Tree, documents: &Documents, path: &str) -> Manifests {
    let Ok(file) = tree.file(path) else { return Manifests::default() };
    let stream = documents.of(&file);
    let roots = stream.documents.iter().flatten().filter_map(|document| document.root.as_ref());
    let roots: Vec<&Node> = roots.flat_map(|root| items_of_list(root).unwrap_or(std::slice::from_ref(root))).collect();
    let objects = roots.iter().filter(|root| is_of_flux(root)).filter_map(|root| Object::new(Node::clone(root)));
    let flux = objects.map(|object| Manifest { path: path.to_owned(), object: Arc::new(object) }).collect();
    let is_broken = stream.documents.iter().any(Result::is_err) && file.text().is_some_and(looks_like_manifest);
    let is_one = is_broken || is_kustomization(path) || roots.iter().any(|root| has_type(root));
    let files = if is_one { vec![path.to_owned()] } else { Vec::new() };
    let broken = stream.documents.iter().filter_map(|document| document.as_ref().err()).map(Err);
    let parsed: Vec<Result<&Node, &Problem>> = roots.iter().copied().map(Ok).chain(broken).collect();
    let unread = file.text().map(|text| installers::unread(path, text, &parsed)).unwrap_or_default();
    Manifests { flux, flux_one: flux_one(path, &roots).into_iter().collect(), files, unread }
}

/// Whether a text that is not YAML was meant as a manifest. Templates of Helm and others are not.
fn looks_like_manifest(text: &str) -> bool {
    let has = |key: &str| text.lines().any(|line| line.starts_with(key));
    has("apiVersion:") && has("kind:") && !text.contains("{{")
}

fn has_type(root: &Node) -> bool {
    ["apiVersion", "kind"].iter().all(|key| root.get(key).and_then(Node::text).is_some())
}

fn flux_one(path: &str, roots: &[&Node]) -> Option<(String, String)> {
    let group = roots.iter().map(|root| group_of(root)).find(|group| FLUX_ONE.contains(group));
    let is_file = path.rsplit('/').next() == Some(".flux.yaml");
    let what = if is_file { Some(".flux.yaml") } else { group };
    what.map(|what| (path.to_owned(), what.to_owned()))
}

fn is_of_flux(root: &Node) -> bool {
    [group::KUSTOMIZE, group::SOURCE, group::HELM, group::OPERATOR].contains(&group_of(root))
}

fn group_of(root: &Node) -> &str {
    let api_version = root.get("apiVersion").and_then(Node::text).unwrap_or_default();
    api_version.split_once('/').map_or("", |(group, _)| group)
}

/// The items of a `List`, which stands for its items.
fn items_of_list(root: &Node) -> Option<&[Node]> {
    root.get("kind").and_then(Node::text).filter(|kind| kind.ends_with("List"))?;
    root.get("items")?.as_sequence()
}
