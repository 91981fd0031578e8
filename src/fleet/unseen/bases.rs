//! What a build takes from elsewhere, and the namespaces that its kustomization files put that into.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::Remote;
use crate::kustomize::{self, Kustomization, Mode, Reader};
use crate::source::{EntryKind, path};
use crate::yaml::Node;

/// How many kustomization files are read.
const MAX_FILES: usize = 2_000;

/// How a patch writes the field that it would have to change.
const NAMESPACE_FIELD: [&str; 2] = ["metadata/namespace", "metadata.namespace"];

/// A folder of the build, and what the kustomization files above it do to the namespace of its objects.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Visit {
    folder: String,
    /// The outermost `namespace`: it wins.
    namespace: Option<SmolStr>,
    /// A file above may move objects to other namespaces one by one.
    is_moved: bool,
}

/// All that a build takes from elsewhere: remote bases, charts, what plugins generate. `None`: nothing is known.
pub(super) fn remote(reader: Reader<'_>, folder: &str, root: &Kustomization) -> Option<Vec<Remote>> {
    let start = Visit { folder: folder.to_owned(), namespace: None, is_moved: false };
    let mut known = BTreeSet::from([start.clone()]);
    let mut found = Vec::new();
    let mut queue = enter(reader, &start, root, &mut found);
    while let Some(visit) = queue.pop() {
        if known.len() > MAX_FILES {
            return None;
        }
        if known.insert(visit.clone()) {
            let file = Kustomization::read(reader, &visit.folder, Mode::Lenient).ok()?;
            queue.extend(enter(reader, &visit, &file, &mut found));
        }
    }
    if found.is_empty() {
        found.push(Remote { namespace: None, published: Some("".into()) });
    }
    Some(found)
}

/// The folders that a kustomization file lists; adds what it takes from elsewhere.
fn enter(reader: Reader<'_>, visit: &Visit, file: &Kustomization, found: &mut Vec<Remote>) -> Vec<Visit> {
    // These run after the file's own namespace.
    let is_changed = visit.is_moved || !file.replacements.is_empty() || !file.transformers.is_empty();
    let own = file.namespace.as_ref().and_then(Node::text).filter(|text| !text.is_empty() && !is_changed);
    let namespace = visit.namespace.clone().or(own.map(SmolStr::from));
    // The namespace of a component is that of all that was accumulated before it.
    let is_moved = is_changed || !file.components.is_empty() || patches_namespace(reader, &visit.folder, file);
    let charts = file.helm_charts.iter().map(|chart| Some(chart.get("name")?.text()?.into()));
    let plugins = file.generators.iter().chain(&file.transformers).map(|_| None);
    let mut folders = Vec::new();
    let mut remote: Vec<Option<SmolStr>> = charts.chain(plugins).collect();
    for entry in file.resources.iter().chain(&file.components).filter_map(Node::text) {
        let local = path::clean(&format!("{}/{entry}", visit.folder)).filter(|_| !kustomize::is_http(entry));
        match local.as_deref().and_then(|local| reader.tree.entry(local)) {
            Some(EntryKind::Folder) => folders.extend(local),
            Some(EntryKind::File) => {}
            None if kustomize::is_remote(entry) => remote.push(is_file(entry).then(|| entry.into())),
            None => {}
        }
    }
    let known = namespace.clone().filter(|namespace| !namespace.contains('$'));
    found.extend(remote.into_iter().map(|published| Remote { namespace: known.clone(), published }));
    folders.into_iter().map(|folder| Visit { folder, namespace: namespace.clone(), is_moved }).collect()
}

/// Whether an entry is the URL of a single manifest.
fn is_file(entry: &str) -> bool {
    kustomize::is_http(entry) && [".yaml", ".yml", ".json"].iter().any(|end| entry.ends_with(end))
}

/// Whether a patch of the file names the field, so that what is below the file may land anywhere.
fn patches_namespace(reader: Reader<'_>, folder: &str, file: &Kustomization) -> bool {
    let names_it = |text: &str| NAMESPACE_FIELD.iter().any(|field| text.contains(field));
    let is_inline = |node: &Node| node.scalars().filter_map(Node::text).any(names_it);
    let in_file = |node: &Node| {
        let path = node.text().and_then(|text| path::clean(&format!("{folder}/{text}")));
        let file = path.and_then(|path| reader.tree.file(&path).ok());
        file.is_none_or(|file| file.text().is_none_or(names_it))
    };
    let mut patches = file.patches.iter().chain(&file.patches_json6902);
    patches.any(|entry| entry.patch.as_ref().is_some_and(is_inline) || entry.path.as_ref().is_some_and(in_file))
}
