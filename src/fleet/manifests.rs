//! All manifests of a repository, parsed in parallel; of these, what a cluster may start from.

use std::sync::Arc;

use rayon::prelude::*;

use crate::flux::api::group;
use crate::object::Object;
use crate::source::Tree;
use crate::yaml::{Documents, Node};

/// An object as it stands in a file, before any build.
#[derive(Clone, Debug)]
pub(super) struct Manifest {
    /// The file, relative to the repository.
    pub path: String,
    pub object: Arc<Object>,
}

/// The objects of Flux and the Flux Operator in the files of a repository, in the order of the paths, then of the
/// documents. Every `.yaml` and `.yml` file is parsed for it, so that later stages find it parsed.
pub(super) fn read(tree: &Tree, documents: &Documents) -> Vec<Manifest> {
    let paths: Vec<String> = tree.files().into_iter().filter(|path| is_manifest(path)).collect();
    let files: Vec<Vec<Manifest>> = paths.par_iter().map(|path| read_file(tree, documents, path)).collect();
    files.into_iter().flatten().collect()
}

fn is_manifest(path: &str) -> bool {
    path.ends_with(".yaml") || path.ends_with(".yml")
}

fn read_file(tree: &Tree, documents: &Documents, path: &str) -> Vec<Manifest> {
    let Ok(file) = tree.file(path) else { return Vec::new() };
    let stream = documents.of(&file);
    let roots = stream.documents.iter().flatten().filter_map(|document| document.root.as_ref());
    let roots = roots.flat_map(|root| items_of_list(root).unwrap_or(std::slice::from_ref(root)));
    let objects = roots.filter(|root| is_of_flux(root)).filter_map(|root| Object::new(root.clone()));
    objects.map(|object| Manifest { path: path.to_owned(), object: Arc::new(object) }).collect()
}

fn is_of_flux(root: &Node) -> bool {
    let api_version = root.get("apiVersion").and_then(Node::text).unwrap_or_default();
    let group = api_version.split('/').next().unwrap_or_default();
    [group::KUSTOMIZE, group::SOURCE, group::HELM, group::OPERATOR].contains(&group)
}

/// The items of a `List`, which stands for its items.
fn items_of_list(root: &Node) -> Option<&[Node]> {
    root.get("kind").and_then(Node::text).filter(|kind| kind.ends_with("List"))?;
    root.get("items")?.as_sequence()
}
