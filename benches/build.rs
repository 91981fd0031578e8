//! `cargo bench --bench build`: all folders of a tree that `kustomize build` takes, each built and printed as by a process of
//! its own; `items` are folders.

mod trees;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use divan::Bencher;
use divan::counter::ItemsCount;
use fleetlint::kustomize::{self, FILE_NAMES, LoadRestriction, Options, Order, Reader};
use fleetlint::source::{Files, open_for_build};
use fleetlint::yaml::{Documents, print};

use trees::Tree;

fn main() {
    divan::main();
}

#[divan::bench(args = trees::all(), sample_count = 10, sample_size = 1)]
fn build(bencher: Bencher<'_, '_>, tree: &Tree) {
    let mut folders = Vec::new();
    collect(&tree.path, &mut folders);
    let bencher = bencher.counter(ItemsCount::new(folders.len()));
    bencher.bench_local(|| folders.iter().map(|folder| build_folder(folder)).sum::<usize>());
}

/// Nothing is kept from folder to folder. Returns how long the printed text is; a folder that does not build prints nothing.
fn build_folder(folder: &Path) -> usize {
    let (files, documents) = (Arc::new(Files::default()), Documents::default());
    let Ok((tree, folder)) = open_for_build(&files, folder, false) else { return 0 };
    let options = Options { load_restriction: LoadRestriction::RootOnly, order: Order::Legacy };
    let built = kustomize::build(Reader { tree: &tree, documents: &documents }, &folder, options);
    if !built.problems.is_empty() {
        return 0;
    }
    built.resources.iter().filter_map(|node| print::resource(node).ok()).map(|text| text.len()).sum()
}

fn collect(folder: &Path, folders: &mut Vec<PathBuf>) {
    if FILE_NAMES.iter().any(|name| folder.join(name).is_file()) {
        folders.push(folder.to_owned());
    }
    let Ok(entries) = folder.read_dir() else { return };
    let mut below: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    below.sort();
    below.iter().for_each(|folder| collect(folder, folders));
}
