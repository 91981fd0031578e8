//! Schemas that the configuration or the command line gives: folders and files, found by the names that the tools of the
//! field give them.
//!
//! In a folder: `GROUP/KIND_VERSION.json` (the catalog of CustomResourceDefinitions, flux-schema; the core group is `core`),
//! and `KIND-GROUP-VERSION.json` (kubeconform, with the first label of the group); all in lower case. Files in YAML, and
//! files that are given by name, may hold CustomResourceDefinitions.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use smol_str::SmolStr;

use crate::fleet::Fleet;
use crate::object::Object;
use crate::source::{EntryKind, File, Tree};
use crate::yaml::{Documents, Node};

/// How deep folders with schemas are searched, and how many files count.
const MAX_DEPTH: usize = 5;
const MAX_FILES: usize = 50_000;

/// Where schemas are.
#[derive(Clone, Debug)]
pub enum SchemaLocation {
    /// A folder, by its path in a tree.
    Folder(Arc<Tree>, String),
    File(Arc<File>),
}

/// A kind in a version: group, kind, version.
pub(super) type GroupVersionKind = (SmolStr, SmolStr, SmolStr);

/// What is given for the kinds that clusters hold.
#[derive(Debug, Default)]
pub struct GivenSchemas {
    schemas: HashMap<GroupVersionKind, Given>,
    /// Somebody has given some, so that one that is missing is worth a word.
    pub(super) is_given: bool,
}

/// A schema that is given.
#[derive(Clone, Debug)]
pub(super) enum Given {
    JsonSchema(Arc<Node>),
    Definition(Arc<Object>),
}

impl GivenSchemas {
    pub(super) fn of(&self, object: &Object) -> Option<&Given> {
        let id = &object.id;
        self.schemas.get(&(id.group.clone(), id.kind.clone(), object.version.clone()))
    }
}

impl Fleet {
    /// Looks up the schemas of all kinds that clusters hold. Of several places the first one that has a schema counts.
    pub fn take_schemas(&mut self, locations: &[SchemaLocation], documents: &Documents) {
        let mut wanted: BTreeSet<GroupVersionKind> = BTreeSet::new();
        for placed in self.clusters.iter().flat_map(|cluster| cluster.objects.iter()).filter(|_| !locations.is_empty())
        {
            let id = &placed.object.id;
            let key = (id.group.clone(), id.kind.clone(), placed.object.version.clone());
            if !wanted.contains(&key) {
                wanted.insert(key);
            }
        }
        let mut schemas = HashMap::new();
        for location in locations {
            let found = Found::of(location, documents);
            for key in &wanted {
                if !schemas.contains_key(key) {
                    schemas.extend(found.schema(key, documents).map(|schema| (key.clone(), schema)));
                }
            }
        }
        self.schemas = GivenSchemas { schemas, is_given: !locations.is_empty() };
    }
}

/// What a place has, by the names of its files.
#[derive(Default)]
struct Found {
    /// Paths in the tree, by the last two parts and by the last part, without ending and in lower case.
    paths: BTreeMap<String, String>,
    tree: Option<Arc<Tree>>,
    definitions: HashMap<(SmolStr, SmolStr), Arc<Object>>,
    /// A file that was given, if it is a JSON Schema: its name, as the files of a folder are found.
    file: Option<(Vec<String>, Arc<Node>)>,
}

impl Found {
    fn of(location: &SchemaLocation, documents: &Documents) -> Self {
        match location {
            SchemaLocation::File(file) => Self::of_file(file, documents),
            SchemaLocation::Folder(tree, folder) => {
                let mut found = Self { tree: Some(Arc::clone(tree)), ..Self::default() };
                let mut files = Vec::new();
                list(tree, folder, 0, &mut files);
                for path in files {
                    match path.rsplit_once('.') {
                        Some((_, "json")) => {
                            for name in names(&path) {
                                found.paths.entry(name).or_insert_with(|| path.clone());
                            }
                        }
                        _ => {
                            let file = tree.file(&path).ok();
                            file.into_iter().for_each(|file| found.take_definitions(&file, documents));
                        }
                    }
                }
                found
            }
        }
    }

    fn of_file(file: &Arc<File>, documents: &Documents) -> Self {
        let mut found = Self::default();
        found.take_definitions(file, documents);
        if found.definitions.is_empty() {
            let root = documents.of(file).documents.iter().find_map(|it| it.as_ref().ok()?.root.clone());
            found.file = root.map(|root| (names(&file.path), Arc::new(root)));
        }
        found
    }

    fn take_definitions(&mut self, file: &Arc<File>, documents: &Documents) {
        for document in documents.of(file).documents.iter().flatten() {
            let Some(object) = document.root.clone().and_then(Object::new) else { continue };
            if let Some(kind) =
                super::definition::kind_of(&object).filter(|_| object.id.kind == "CustomResourceDefinition")
            {
                self.definitions.entry(kind).or_insert_with(|| Arc::new(object));
            }
        }
    }

    fn schema(&self, (group, kind, version): &GroupVersionKind, documents: &Documents) -> Option<Given> {
        if let Some(definition) = self.definitions.get(&(group.clone(), kind.clone())) {
            return Some(Given::Definition(Arc::clone(definition)));
        }
        let folder = if group.is_empty() { "core" } else { group };
        let label = group.split('.').next().filter(|label| !label.is_empty());
        let flat = label.map_or_else(|| format!("{kind}-{version}"), |label| format!("{kind}-{label}-{version}"));
        let wanted = [format!("{folder}/{kind}_{version}"), flat].map(|name| name.to_lowercase());
        if let Some((_, root)) = self.file.as_ref().filter(|(names, _)| names.iter().any(|name| wanted.contains(name)))
        {
            return Some(Given::JsonSchema(Arc::clone(root)));
        }
        let path = wanted.iter().find_map(|name| self.paths.get(name))?;
        let file = self.tree.as_ref()?.file(path).ok()?;
        let root = documents.of(&file).documents.iter().find_map(|it| it.as_ref().ok()?.root.clone())?;
        Some(Given::JsonSchema(Arc::new(root)))
    }
}

/// The last two parts of a path, and the last one, without ending.
fn names(path: &str) -> Vec<String> {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem).to_lowercase();
    let parts: Vec<&str> = stem.rsplit('/').take(2).collect();
    match parts.as_slice() {
        [name, folder] => vec![format!("{folder}/{name}"), (*name).to_owned()],
        parts => parts.iter().map(|part| (*part).to_owned()).collect(),
    }
}

fn list(tree: &Tree, folder: &str, depth: usize, files: &mut Vec<String>) {
    for (name, kind) in tree.folder(folder) {
        let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
        let is_schema = [".json", ".yaml", ".yml"].iter().any(|ending| path.ends_with(ending));
        match kind {
            EntryKind::Folder if depth < MAX_DEPTH => list(tree, &path, depth + 1, files),
            EntryKind::File if is_schema && files.len() < MAX_FILES => files.push(path),
            _ => {}
        }
    }
}
