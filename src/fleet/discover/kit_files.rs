//! What somebody applies at once of a folder: all of it, or one of several files that hold the same objects.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::folder_build::FolderBuild;
use super::landscape::Landscape;
use crate::object::{Object, ObjectId};
use crate::source::path::parent;

/// What is applied together, and the folder or the file without its ending that names it.
pub(super) type Part = (String, Arc<FolderBuild>);

/// The parts of a folder. Where some files hold the same object, they are for different
/// clusters, and what the other files hold is for all of them. A kustomization file says that all is applied at once.
pub(super) fn parts(land: &Landscape<'_>, folder: &str) -> Vec<Part> {
    let whole = || vec![(folder.to_owned(), land.build(folder))];
    if land.listing.has(folder) {
        return whole();
    }
    let below = land.files_below(folder).iter();
    let own = below.filter(|file| parent(file).unwrap_or_default() == folder && is_yaml(file));
    let files: Vec<File> = own.filter_map(|file| File::read(land, file)).collect();
    let mut counts: HashMap<&ObjectId, usize> = HashMap::new();
    files.iter().flat_map(|file| &file.ids).for_each(|id| *counts.entry(id).or_default() += 1);
    let is_choice = |file: &&File| file.ids.iter().any(|id| counts.get(id).is_some_and(|count| *count > 1));
    let (choices, common): (Vec<&File>, Vec<&File>) = files.iter().partition(is_choice);
    if choices.is_empty() || !counts.values().any(|count| *count == choices.len()) {
        return whole();
    }
    let part = |choice: &&File| {
        let objects = common.iter().chain([choice]).flat_map(|file| file.objects.iter().cloned()).collect();
        (choice.stem().to_owned(), Arc::new(FolderBuild::of_objects(objects)))
    };
    choices.iter().map(part).collect()
}

fn is_yaml(file: &str) -> bool {
    file.ends_with(".yaml") || file.ends_with(".yml")
}

/// A file of manifests.
struct File {
    path: String,
    objects: Vec<Arc<Object>>,
    ids: BTreeSet<ObjectId>,
}

impl File {
    fn read(land: &Landscape<'_>, path: &str) -> Option<Self> {
        let stream = land.documents.of(&land.tree.file(path).ok()?);
        let roots = stream.documents.iter().flatten().filter_map(|document| document.root.clone());
        let objects: Vec<Arc<Object>> = roots.filter_map(Object::new).map(Arc::new).collect();
        let ids = objects.iter().map(|object| object.id.clone()).collect();
        Some(Self { path: path.to_owned(), objects, ids })
    }

    fn stem(&self) -> &str {
        self.path.rsplit_once('.').map_or(self.path.as_str(), |(stem, _)| stem)
    }
}
