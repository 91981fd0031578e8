//! `cargo bench --bench build`: all folders of a tree that `kustomize build` takes, each built and printed as by a process of
//! its own, on one thread; `items` are folders. `FLEETLINT_ORACLE` names a program that builds the same folders in one
//! process (JSON lines), `FLEETLINT_KUBECTL` one that is started for each: they are measured beside it.

mod trees;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use divan::Bencher;
use divan::counter::ItemsCount;
use fleetlint::kustomize::{self, FILE_NAMES, LoadRestriction, Options, Order, Reader};
use fleetlint::source::{Files, open_for_build};
use fleetlint::yaml::{Documents, print};

use trees::others::{Oracle, kustomize_process, program};
use trees::{Tree, overlay};

/// That of the binary: it is part of what a run costs.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

#[divan::bench(args = trees::with_corpora(), sample_count = 10, sample_size = 1)]
fn build(bencher: Bencher<'_, '_>, tree: &Tree) {
    let folders = folders(tree);
    let bencher = bencher.counter(ItemsCount::new(folders.len()));
    bencher.bench_local(|| folders.iter().map(|folder| build_folder(folder)).sum::<usize>());
}

/// 2,000 objects after a namespace, a prefix, labels, an image and two patches.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn large_overlay(bencher: Bencher<'_, '_>) {
    let Ok(folder) = overlay::write() else { return };
    bencher.bench_local(|| build_folder(&folder.path().join("overlay")));
}

#[divan::bench(args = trees_for("FLEETLINT_ORACLE"), sample_count = 3, sample_size = 1)]
fn oracle(bencher: Bencher<'_, '_>, tree: &Tree) {
    let Some(mut oracle) = program("FLEETLINT_ORACLE").and_then(|program| Oracle::start(&program)) else { return };
    let folders = folders(tree);
    let bencher = bencher.counter(ItemsCount::new(folders.len()));
    bencher.bench_local(|| folders.iter().map(|folder| oracle.build(folder)).sum::<usize>());
}

#[divan::bench(args = trees_for("FLEETLINT_KUBECTL"), sample_count = 1, sample_size = 1)]
fn kubectl(bencher: Bencher<'_, '_>, tree: &Tree) {
    let Some(program) = program("FLEETLINT_KUBECTL") else { return };
    let folders = folders(tree);
    let bencher = bencher.counter(ItemsCount::new(folders.len()));
    bencher.bench_local(|| folders.iter().for_each(|folder| kustomize_process(&program, folder)));
}

fn trees_for(variable: &str) -> Vec<Tree> {
    if program(variable).is_some() { trees::with_corpora() } else { Vec::new() }
}

/// Nothing is kept from folder to folder. Returns how long the printed text is; a folder that does not build prints nothing.
fn build_folder(folder: &Path) -> usize {
    let (files, documents) = (Arc::new(Files::default()), Documents::passing());
    let Ok((tree, folder)) = open_for_build(&files, folder, false) else { return 0 };
    let options = Options { load_restriction: LoadRestriction::None, order: Order::Legacy };
    let built = kustomize::build(Reader { tree: &tree, documents: &documents }, &folder, options);
    if !built.problems.is_empty() {
        return 0;
    }
    built.resources.iter().filter_map(|node| print::resource(node).ok()).map(|text| text.len()).sum()
}

fn folders(tree: &Tree) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    collect(&tree.path, &mut folders);
    folders
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
