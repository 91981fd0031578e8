//! `cargo bench --bench fleet`: every cluster of a fleet rendered, from the disk to the graph: the trees of `check`, and
//! generated fleets, whose cost should grow with the number of distinct builds.

mod trees;

use divan::Bencher;
use fleetlint::run::{Request, Session};

use trees::Tree;
use trees::generated::{self, Shape};

const SHAPES: [Shape; 4] = [
    Shape { clusters: 10, tenants: 40, has_own_overlays: false },
    Shape { clusters: 25, tenants: 40, has_own_overlays: false },
    Shape { clusters: 50, tenants: 40, has_own_overlays: false },
    Shape { clusters: 50, tenants: 40, has_own_overlays: true },
];

/// That of the binary: it is part of what a run costs.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

#[divan::bench(args = trees::all(), sample_count = 10, sample_size = 1)]
fn render(bencher: Bencher<'_, '_>, tree: &Tree) {
    bencher.bench_local(|| clusters(&Request { sources: &tree.sources, ..Request::of(&tree.path) }));
}

#[divan::bench(args = SHAPES.iter().map(|shape| format!("{shape:?}")).collect::<Vec<_>>(), sample_count = 10, sample_size = 1)]
fn render_generated(bencher: Bencher<'_, '_>, name: &str) {
    let Some(shape) = SHAPES.into_iter().find(|shape| format!("{shape:?}") == name) else { return };
    let Ok(folder) = tempfile::tempdir() else { return };
    if generated::write(folder.path(), shape).is_ok() {
        bencher.bench_local(|| clusters(&Request::of(folder.path())));
    }
}

fn clusters(request: &Request<'_>) -> usize {
    Session::default().fleet(request).map_or(0, |(fleet, _)| fleet.clusters.len())
}
