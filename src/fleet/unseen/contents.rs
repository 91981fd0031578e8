//! What the files say that a refused build reads: the objects that it would make cannot have other names.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::flux::api::{Kustomization as FluxKustomization, group};
use crate::kustomize::{FILE_NAMES, Kustomization, Mode, Reader};
use crate::object::{Object, ObjectId};
use crate::problem::Problem;
use crate::source::{EntryKind, File, path};
use crate::yaml::scalar::{Typed, resolve};
use crate::yaml::{Document, Node, Span, Stream};

/// How many files are read.
const MAX_FILES: usize = 5_000;

/// The files of a refused build. Where it lists something that does not exist, all files count that may be meant.
#[derive(Debug, Default)]
pub struct Contents {
    streams: Vec<Arc<Stream>>,
    /// Files with a document that cannot be read.
    broken: Vec<Arc<File>>,
    /// Names may get a prefix or a suffix.
    has_affixes: bool,
    /// There are more files than these, or it is not known which.
    is_incomplete: bool,
}

impl Contents {
    /// The kustomization file of a folder, all that it lists, and so on.
    pub(super) fn of_build(reader: Reader<'_>, folder: &str, root: &Kustomization) -> Self {
        let (contents, known) = (Self::default(), BTreeSet::new());
        let mut search = Search { reader, contents, known, listed: Vec::new(), scanned: Vec::new() };
        search.list(folder, root);
        search.run();
        search.contents
    }

    /// Whether one of the files may bring an object of that kind and name. `applied` holds the places of the objects that are
    /// in the graph: what a reconciler would apply that is not among them is not known.
    pub(in crate::fleet) fn may_name(&self, id: &ObjectId, applied: &BTreeSet<Span>) -> bool {
        let names_it = |text: &str| text.contains(id.name.as_str()) || text.contains("fluxcd") || self.has_affixes;
        let in_broken = |file: &Arc<File>| file.text().is_none_or(names_it);
        let documents = self.streams.iter().flat_map(|stream| &stream.documents).flatten();
        let mut roots = documents.filter_map(|document| document.root.as_ref());
        self.is_incomplete || self.broken.iter().any(in_broken) || roots.any(|root| self.names(root, id, applied))
    }

    fn names(&self, root: &Node, id: &ObjectId, applied: &BTreeSet<Span>) -> bool {
        let text = |pointer: &str| root.at(pointer).and_then(Node::text).unwrap_or_default();
        if text("/kind").ends_with("List") {
            let items = root.get("items").map(Node::items).unwrap_or_default();
            return items.iter().any(|item| self.names(item, id, applied));
        }
        let group = text("/apiVersion").rsplit_once('/').map_or("", |(group, _)| group);
        if lacks_identity(root) && (text("/kind").is_empty() || is_same(text("/kind"), &id.kind)) {
            return true;
        }
        if is_flux_group(group) {
            let is_it = is_same(text("/kind"), &id.kind) && self.becomes(text("/metadata/name"), &id.name);
            return is_it || hides(root, id, applied);
        }
        // Others may bring it under a name of their own (an ExternalSecret); Flux's kinds, only Flux's files bring.
        let is_named = || root.scalars().filter_map(Node::text).any(|text| text.contains(id.name.as_str()));
        let is_it = || is_same(text("/kind"), &id.kind) && self.becomes(text("/metadata/name"), &id.name);
        let is_plain = root.get("kind").is_some() && group != KUSTOMIZE;
        is_it() || self.generates(root, id) || !(is_plain && is_flux_group(&id.group)) && is_named()
    }

    /// Whether an object may get a name: a variable in it may hold anything.
    fn becomes(&self, written: &str, name: &str) -> bool {
        written == name || written.contains('$') || self.has_affixes && name.contains(written)
    }

    /// Whether a generator of a kustomization file makes the object: the name gets a hash.
    fn generates(&self, root: &Node, id: &ObjectId) -> bool {
        let lists = ["configMapGenerator", "secretGenerator"].into_iter().filter_map(|key| root.get(key));
        let mut names = lists.flat_map(Node::items).filter_map(|entry| entry.get("name")?.text());
        matches!(id.kind.as_str(), "ConfigMap" | "Secret")
            && names.any(|name| id.name.starts_with(name) || self.becomes(name, &id.name))
    }
}

/// The group of kustomization files.
const KUSTOMIZE: &str = "kustomize.config.k8s.io";

/// Whether the objects of a group are read by Flux or the Flux Operator.
pub(in crate::fleet) fn is_flux_group(name: &str) -> bool {
    name.ends_with(".toolkit.fluxcd.io") || name == group::OPERATOR || name == group::SOURCE_EXTENSIONS
}

/// Whether a document is meant to be an object, and its kind or its name is missing or no text: it may be any.
fn lacks_identity(root: &Node) -> bool {
    let is_text = |pointer: &str| {
        let node = root.at(pointer).filter(|node| node.text().is_some_and(|text| !text.is_empty()));
        node.is_some_and(|node| resolve(node).is_ok_and(|typed| typed == Typed::String))
    };
    let api_version = root.get("apiVersion").and_then(Node::text).unwrap_or_default();
    let is_kustomization = api_version.starts_with(KUSTOMIZE) || root.get("resources").is_some();
    !(is_kustomization || root.is_null() || is_text("/kind") && is_text("/metadata/name"))
}

fn is_same(written: &str, kind: &str) -> bool {
    written == kind || written.contains('$')
}

/// Whether an object applies others and is not in the graph. Patches are not objects: they name neither path nor chart.
fn hides(root: &Node, id: &ObjectId, applied: &BTreeSet<Span>) -> bool {
    let Some(object) = Object::new(root.clone()) else { return false };
    let is_unseen = || root.origin.span.is_none_or(|span| !applied.contains(&span));
    if FluxKustomization::of(&object).is_some() {
        return (object.at("/spec/path").is_some() || object.at("/spec/sourceRef").is_some()) && is_unseen();
    }
    match object.id.kind.as_str() {
        "HelmRelease" => !is_flux_group(&id.group) && is_unseen(),
        "ResourceSet" | "FluxInstance" => is_unseen(),
        _ => false,
    }
}

/// The walk through the files.
struct Search<'a> {
    reader: Reader<'a>,
    contents: Contents,
    known: BTreeSet<String>,
    /// Folders whose kustomization file counts.
    listed: Vec<String>,
    /// Folders of which every file counts.
    scanned: Vec<String>,
}

impl Search<'_> {
    fn run(&mut self) {
        loop {
            if self.known.len() > MAX_FILES {
                self.contents.is_incomplete = true;
            }
            if self.contents.is_incomplete {
                return;
            }
            match (self.listed.pop(), self.scanned.pop()) {
                (None, None) => return,
                (listed, scanned) => {
                    listed.into_iter().for_each(|folder| self.enter(&folder));
                    scanned.into_iter().for_each(|folder| self.scan(&folder));
                }
            }
        }
    }

    fn has_kustomization(&self, folder: &str) -> bool {
        let is_file = |name: &str| self.reader.tree.entry(&path::join(folder, name)) == Some(EntryKind::File);
        FILE_NAMES.iter().any(|name| is_file(name))
    }

    fn enter(&mut self, folder: &str) {
        if !self.has_kustomization(folder) {
            return self.scanned.push(folder.to_owned());
        }
        if self.known.insert(format!("{folder}/")) {
            match Kustomization::read(self.reader, folder, Mode::Lenient) {
                Ok(file) => self.list(folder, &file),
                Err(_) => self.contents.is_incomplete = true,
            }
        }
    }

    /// Takes in a kustomization file and what it lists. Of what does not exist, the folder above may hold what was meant.
    fn list(&mut self, folder: &str, file: &Kustomization) {
        self.contents.has_affixes |= file.name_prefix.is_some() || file.name_suffix.is_some();
        self.contents.has_affixes |= !file.transformers.is_empty() || !file.vars.is_empty();
        let own = path::join(folder, &file.file_name);
        if self.reader.tree.entry(&own) == Some(EntryKind::File) {
            self.read(&own);
        }
        let patches = file.patches.iter().chain(&file.patches_json6902).filter_map(|entry| entry.path.as_ref());
        let lists = file.resources.iter().chain(&file.components).chain(&file.generators).chain(patches);
        for entry in lists.filter_map(Node::text) {
            let Some(mut local) = path::clean(&format!("{folder}/{entry}")) else { continue };
            match self.reader.tree.entry(&local) {
                Some(EntryKind::File) => self.read(&local),
                Some(EntryKind::Folder) => self.listed.push(local),
                None => {
                    while let Some(above) = path::parent(&local).filter(|_| self.reader.tree.entry(&local).is_none()) {
                        local = above.to_owned();
                    }
                    self.scanned.push(local);
                }
            }
        }
    }

    /// Takes in all manifests below a folder.
    fn scan(&mut self, folder: &str) {
        if !self.known.insert(format!("{folder}/*")) {
            return;
        }
        if self.has_kustomization(folder) {
            self.listed.push(folder.to_owned());
        }
        for (name, kind) in self.reader.tree.folder(folder) {
            let below = path::join(folder, &name);
            match kind {
                EntryKind::Folder => self.scanned.push(below),
                EntryKind::File if is_manifest(&name) => self.read(&below),
                EntryKind::File => {}
            }
        }
    }

    fn read(&mut self, path: &str) {
        if !self.known.insert(path.to_owned()) {
            return;
        }
        match self.reader.tree.file(path) {
            Ok(file) => {
                let stream = self.reader.documents.of(&file);
                // Of two objects in one document only the last one's name is in the tree, of what is read over none.
                let is_broken = |it: &Result<Document, Problem>| {
                    it.as_ref().map_or(true, |it| !it.duplicate_keys.is_empty() || it.unread.is_some())
                };
                if stream.documents.iter().any(is_broken) {
                    self.contents.broken.push(file);
                }
                self.contents.streams.push(stream);
            }
            Err(_) => self.contents.is_incomplete = true,
        }
    }
}

fn is_manifest(name: &str) -> bool {
    [".yaml", ".yml", ".json"].iter().any(|extension| name.ends_with(extension))
}
