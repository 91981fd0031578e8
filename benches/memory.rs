//! `cargo bench --bench memory`: what a build holds at most (`max alloc`), beside the size of the files that it reads (in its
//! name). Bytes as they are asked for: the allocator and the process itself come on top.

mod trees;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use divan::{AllocProfiler, Bencher};
use fleetlint::kustomize::{self, LoadRestriction, Options, Order, Reader};
use fleetlint::source::{Files, open_for_build};
use fleetlint::yaml::{Documents, print};

use trees::overlay;

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

/// 2,000 Deployments as they are, and behind an overlay with every common transformer.
const FOLDERS: [&str; 2] = ["base", "overlay"];

fn main() {
    divan::main();
}

/// A folder to build, and how much is read for it.
struct Folder {
    name: &'static str,
    kilobytes: u64,
}

impl fmt::Display for Folder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} kB", self.name, self.kilobytes)
    }
}

fn all_folders() -> Vec<Folder> {
    let Ok(root) = overlay::write() else { return Vec::new() };
    let size = |name: &str| -> u64 {
        let files = fs::read_dir(root.path().join(name)).into_iter().flatten().flatten();
        files.filter_map(|file| Some(file.metadata().ok()?.len())).sum()
    };
    let read = |name: &str| if name == "base" { size("base") } else { size("base") + size("overlay") };
    FOLDERS.iter().map(|name| Folder { name, kilobytes: read(name) / 1000 }).collect()
}

#[divan::bench(args = all_folders(), sample_count = 1, sample_size = 1)]
fn build(bencher: Bencher<'_, '_>, folder: &Folder) {
    let Ok(root) = overlay::write() else { return };
    let path: PathBuf = root.path().join(folder.name);
    bencher.bench_local(|| build_folder(&path));
}

/// Builds and prints a folder as the command does: each tree is let go once it is printed.
fn build_folder(folder: &Path) -> usize {
    let (files, documents) = (Arc::new(Files::default()), Documents::passing());
    let Ok((tree, folder)) = open_for_build(&files, folder, false) else { return 0 };
    let options = Options { load_restriction: LoadRestriction::None, order: Order::Legacy };
    let built = kustomize::build(Reader { tree: &tree, documents: &documents }, &folder, options);
    let printed = built.resources.into_iter().map(|node| print::resource(&node).map(String::into_boxed_str));
    printed.collect::<Result<Vec<_>, _>>().map_or(0, |texts| texts.iter().map(|text| text.len()).sum())
}
