//! What a reconciler reads, and what it misses.

use crate::fleet::Reconciler;
use crate::fleet::discover::similar_folder;
use crate::flux::api::sparse_folders;
use crate::object::{Object, ObjectId};
use crate::source::EntryKind;

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
