//! Kustomization folders: which files and folders each of them lists, directly or through other folders.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::graph::Graph;
use crate::kustomize::{FILE_NAMES, Kustomization, Mode, PatchEntry, Reader};
use crate::source::EntryKind;
use crate::source::path::{clean, join, parent};
use crate::yaml::Node;

/// The kinds that say what is synced.
const ROOT_KINDS: [&str; 4] = ["Kustomization", "GitRepository", "OCIRepository", "Bucket"];

/// The kustomization folders of a repository.
#[derive(Debug, Default)]
pub(super) struct Listing {
    folders: BTreeMap<String, Listed>,
    graph: Graph,
    /// The kustomization folders that list a file themselves.
    holders: BTreeMap<String, BTreeSet<String>>,
    patches: BTreeSet<String>,
}

/// What the kustomization file of a folder lists.
#[derive(Clone, Debug, Default)]
struct Listed {
    files: Vec<String>,
    folders: Vec<String>,
    /// The files that it uses as patches.
    patches: Vec<String>,
    /// What it lists and does not exist, as the file writes it.
    missing: Vec<String>,
    is_component: bool,
    /// It uses patches that may change a Kustomization or a source.
    has_patches: bool,
    /// It sets names or namespaces.
    sets_names: bool,
    /// It uses what no list of files shows: generators, transformers, replacements.
    has_plugins: bool,
}

impl Listing {
    /// Reads every kustomization file of a repository once.
    pub(super) fn read(reader: Reader<'_>, files: &[String]) -> Self {
        let folders: BTreeSet<&str> =
            files.iter().filter(|file| is_kustomization_file(file)).filter_map(|file| parent(file)).collect();
        let folders: Vec<&str> = folders.into_iter().collect();
        let listed: Vec<Listed> = folders.par_iter().map(|folder| listed(reader, folder)).collect();
        let mut listing = Self::default();
        for (folder, listed) in folders.into_iter().zip(listed) {
            listing.add(folder, listed);
        }
        let lists = listing.folders.iter().map(|(folder, listed)| {
            let below: Vec<&str> = listed.folders.iter().map(String::as_str).collect();
            (folder.as_str(), below)
        });
        listing.graph = Graph::new(&lists.collect());
        listing
    }

    fn add(&mut self, folder: &str, listed: Listed) {
        for file in &listed.files {
            self.holders.entry(file.clone()).or_default().insert(folder.to_owned());
        }
        self.patches.extend(listed.patches.iter().cloned());
        self.folders.insert(folder.to_owned(), listed);
    }

    /// Whether a kustomization file uses a file as a patch.
    pub(super) fn is_patch(&self, file: &str) -> bool {
        self.patches.contains(file)
    }

    /// Whether a folder has a kustomization file.
    pub(super) fn has(&self, folder: &str) -> bool {
        self.folders.contains_key(folder)
    }

    /// All kustomization folders, sorted.
    pub(super) fn folders(&self) -> impl Iterator<Item = &str> {
        self.folders.keys().map(String::as_str)
    }

    /// Whether a folder is a `kind: Component`.
    pub(super) fn is_component(&self, folder: &str) -> bool {
        self.folders.get(folder).is_some_and(|listed| listed.is_component)
    }

    /// What the kustomization file of a folder lists and does not exist, as it is written.
    pub(super) fn missing(&self, folder: &str) -> &[String] {
        self.folders.get(folder).map_or(&[], |listed| &listed.missing)
    }

    /// The folder itself and the folders that it lists, directly or through others.
    pub(super) fn folders_of(&self, folder: &str) -> BTreeSet<&str> {
        self.graph.below(folder)
    }

    /// The files that a folder lists, directly or through others.
    pub(super) fn files_of(&self, folder: &str) -> BTreeSet<&str> {
        let folders = self.folders_of(folder).into_iter();
        folders.filter_map(|at| self.folders.get(at)).flat_map(|listed| &listed.files).map(String::as_str).collect()
    }

    /// All files that decide what a folder builds, as far as kustomization files name them: these, what they list, patches.
    pub(super) fn sources_of(&self, folder: &str) -> impl Iterator<Item = Cow<'_, str>> {
        self.graph.each_below(folder).flat_map(|folder| {
            let listed = self.folders.get(folder).into_iter();
            let listed =
                listed.flat_map(|listed| listed.files.iter().chain(&listed.patches).map(|file| file.as_str().into()));
            FILE_NAMES.iter().map(move |name| join(folder, name).into()).chain(listed)
        })
    }

    /// The kustomization folders that list a file, directly or through others.
    pub(super) fn listers_of(&self, file: &str) -> BTreeSet<&str> {
        self.listers_of_any([file])
    }

    /// The kustomization folders that list one of some files, directly or through others.
    pub(super) fn listers_of_any<'f>(&self, files: impl IntoIterator<Item = &'f str>) -> BTreeSet<&str> {
        self.graph.above(files.into_iter().flat_map(|file| self.holders_of(file)))
    }

    fn holders_of(&self, file: &str) -> impl Iterator<Item = &str> {
        self.holders.get(file).into_iter().flatten().map(String::as_str)
    }

    /// Whether a kustomization folder lists a file itself.
    pub(super) fn is_listed(&self, file: &str) -> bool {
        self.holders.contains_key(file)
    }

    /// The topmost kustomization folders that list a file; of those that only list each other the first one.
    pub(super) fn topmost_of(&self, file: &str) -> BTreeSet<&str> {
        self.graph.topmost(self.holders_of(file))
    }

    /// The folders whose builds may hold what a file defines: the topmost ones that list it, else its own.
    pub(super) fn builders_of<'f>(&'f self, file: &'f str) -> BTreeSet<&'f str> {
        let topmost = self.topmost_of(file);
        match topmost.is_empty() {
            true => BTreeSet::from([parent(file).unwrap_or_default()]),
            false => topmost,
        }
    }

    /// Whether a folder, or one that it lists, may change Kustomizations by patches or plugins: else they keep their paths.
    pub(super) fn changes_objects(&self, folder: &str) -> bool {
        let mut listed = self.graph.each_below(folder).filter_map(|at| self.folders.get(at));
        listed.any(|listed| listed.has_patches || listed.has_plugins)
    }

    /// Whether a folder, or one that it lists, sets names or namespaces.
    pub(super) fn sets_names(&self, folder: &str) -> bool {
        self.graph.each_below(folder).filter_map(|at| self.folders.get(at)).any(|listed| listed.sets_names)
    }

    /// Whether a folder, or one that it lists, uses plugins, whose files are not in [`Listing::sources_of`].
    pub(super) fn uses_plugins(&self, folder: &str) -> bool {
        self.graph.each_below(folder).filter_map(|at| self.folders.get(at)).any(|listed| listed.has_plugins)
    }

    /// Whether no other kustomization folder lists this one.
    pub(super) fn is_topmost(&self, folder: &str) -> bool {
        self.graph.is_topmost(folder)
    }

    /// The kustomization folders that a folder lists itself.
    pub(super) fn listed_by(&self, folder: &str) -> impl Iterator<Item = &str> {
        let listed = self.folders.get(folder).into_iter().flat_map(|listed| &listed.folders);
        listed.filter_map(|folder| self.folders.get_key_value(folder)).map(|(folder, _)| folder.as_str())
    }

    /// Some folders and all that they list: each before those that it lists, but for those that list it in turn.
    pub(super) fn listers_first(&self, folders: &BTreeSet<&str>) -> Vec<&str> {
        let (mut seen, mut done) = (BTreeSet::new(), Vec::new());
        for folder in folders.iter().filter_map(|folder| self.folders.get_key_value(*folder)) {
            // Each with what of its list is still to be looked at: a folder is done when all that it lists is.
            let mut way = vec![];
            let mut next = Some(folder.0.as_str()).filter(|folder| seen.insert(*folder));
            loop {
                match next {
                    Some(folder) => way.push((folder, self.listed_by(folder))),
                    None => done.extend(way.pop().map(|(folder, _)| folder)),
                }
                let Some((_, rest)) = way.last_mut() else { break };
                next = rest.find(|folder| seen.insert(*folder));
            }
        }
        done.reverse();
        done
    }
}

/// Whether a file is a kustomization file by its name.
pub(super) fn is_kustomization_file(path: &str) -> bool {
    FILE_NAMES.contains(&path.rsplit('/').next().unwrap_or(path))
}

fn patches(file: &Kustomization, folder: &str) -> Vec<String> {
    let entries = file.patches.iter().chain(&file.patches_json6902).filter_map(|entry| entry.path.as_ref());
    let paths = entries.chain(&file.patches_strategic_merge).filter_map(Node::text);
    paths.filter(|path| !path.contains('\n')).filter_map(|path| clean(&join(folder, path))).collect()
}

fn has_patches(file: &Kustomization) -> bool {
    let mut entries = file.patches.iter().chain(&file.patches_json6902);
    !file.patches_strategic_merge.is_empty() || entries.any(may_patch_roots)
}

/// Whether a patch may change a Kustomization or a source, or make an object one. A kind is a pattern that has to match all
/// of it.
fn may_patch_roots(patch: &PatchEntry) -> bool {
    let kind = patch.target.as_ref().and_then(|target| target.get("kind")?.text()).unwrap_or_default();
    let is_plain = !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_alphanumeric());
    !is_plain || ROOT_KINDS.contains(&kind) || patch.allow_kind_change
}

fn sets_names(file: &Kustomization) -> bool {
    [&file.namespace, &file.name_prefix, &file.name_suffix].into_iter().any(Option::is_some)
}

fn has_plugins(file: &Kustomization) -> bool {
    let plugins = [&file.replacements, &file.vars, &file.generators, &file.transformers, &file.validators];
    plugins.into_iter().chain([&file.configurations, &file.crds]).any(|it| !it.is_empty()) || !file.openapi.is_empty()
}

/// What a kustomization file lists; nothing where it cannot be read: its build says why.
fn listed(reader: Reader<'_>, folder: &str) -> Listed {
    let Ok(file) = Kustomization::read(reader, folder, Mode::Lenient) else { return Listed::default() };
    let mut listed = Listed {
        is_component: file.is_component,
        patches: patches(&file, folder),
        has_patches: has_patches(&file),
        has_plugins: has_plugins(&file),
        sets_names: sets_names(&file),
        ..Listed::default()
    };
    for entry in file.resources.iter().chain(&file.components).filter_map(Node::text) {
        let path = clean(&join(folder, entry));
        match path.as_deref().and_then(|path| reader.tree.entry(path)) {
            Some(EntryKind::Folder) => listed.folders.extend(path),
            Some(EntryKind::File) => listed.files.extend(path),
            None => listed.missing.push(entry.to_owned()),
        }
    }
    listed
}
