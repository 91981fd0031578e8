//! The kustomization file that Flux generates for a folder without one (flux-build-semantics section 2.2).

use fleetlint_kustomize::{FILE_NAMES, Kustomization};
use fleetlint_source::{EntryKind, FileTree, path};
use fleetlint_yaml::{Node, Origin};

/// How deeply folders may be nested.
const MAX_DEPTH: usize = 200;

/// All manifests of a folder as resources; folders with a kustomization file are one resource each.
pub(super) fn generate(tree: &dyn FileTree, folder: &str) -> Kustomization {
    let mut paths = Vec::new();
    collect(tree, folder, ".", 0, &mut paths);
    let node = |path: String| Node::string(path, Origin::default());
    // Flux keeps kustomize from refusing an empty file.
    let namespace = paths.is_empty().then(|| node("_placeholder".to_owned()));
    let resources = paths.into_iter().map(node).collect();
    Kustomization { file_name: FILE_NAMES[0].to_owned(), resources, namespace, ..Kustomization::default() }
}

fn collect(tree: &dyn FileTree, folder: &str, shown: &str, depth: usize, paths: &mut Vec<String>) {
    if depth > MAX_DEPTH {
        return;
    }
    for (name, kind) in tree.folder(folder) {
        let (below, shown) = (path::join(folder, &name), format!("{shown}/{name}"));
        match kind {
            EntryKind::Folder if has_kustomization(tree, &below) => paths.push(shown),
            EntryKind::Folder => collect(tree, &below, &shown, depth + 1, paths),
            EntryKind::File if name.ends_with(".yaml") || name.ends_with(".yml") => paths.push(shown),
            EntryKind::File => {}
        }
    }
}

fn has_kustomization(tree: &dyn FileTree, folder: &str) -> bool {
    FILE_NAMES.iter().any(|name| tree.entry(&path::join(folder, name)) == Some(EntryKind::File))
}
