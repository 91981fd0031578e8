//! All manifests of a repository, parsed in parallel.

use std::sync::Arc;

use rayon::prelude::*;

use crate::object::Object;
use crate::problem::Problem;
use crate::source::Tree;
use crate::yaml::Documents;

/// An object as it stands in a file, before any build.
#[derive(Clone, Debug)]
pub(super) struct Manifest {
    /// The file, relative to the repository.
    pub path: String,
    pub object: Arc<Object>,
}

/// What the files of a repository hold.
#[derive(Debug, Default)]
pub(super) struct Manifests {
    /// In the order of the paths, then of the documents.
    pub objects: Vec<Manifest>,
    /// Documents that are no YAML.
    pub problems: Vec<Problem>,
    pub files: usize,
    pub documents: usize,
}

/// Parses every `.yaml` and `.yml` file of a tree.
pub(super) fn read(tree: &Tree, documents: &Documents) -> Manifests {
    let paths: Vec<String> = tree.files().into_iter().filter(|path| is_manifest(path)).collect();
    let files: Vec<Manifests> = paths.par_iter().map(|path| read_file(tree, documents, path)).collect();
    files.into_iter().fold(Manifests::default(), |mut all, file| {
        all.objects.extend(file.objects);
        all.problems.extend(file.problems);
        all.files += file.files;
        all.documents += file.documents;
        all
    })
}

fn is_manifest(path: &str) -> bool {
    path.ends_with(".yaml") || path.ends_with(".yml")
}

fn read_file(tree: &Tree, documents: &Documents, path: &str) -> Manifests {
    let Ok(file) = tree.file(path) else { return Manifests::default() };
    let mut manifests = Manifests { files: 1, ..Manifests::default() };
    for document in &documents.of(&file).documents {
        match document {
            Ok(document) => {
                let Some(root) = &document.root else { continue };
                manifests.documents += 1;
                if let Some(object) = Object::new(root.clone()) {
                    manifests.objects.push(Manifest { path: path.to_owned(), object: Arc::new(object) });
                }
            }
            Err(problem) => manifests.problems.push(problem.clone()),
        }
    }
    manifests
}
