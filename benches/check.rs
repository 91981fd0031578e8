//! `cargo bench --bench check`: `fleetlint check` over whole fleets, from the disk to the text of the report.

mod trees;

use divan::Bencher;
use fleetlint::report::{self, Report};
use fleetlint::run::{Request, Session};
use fleetlint::triage::Selection;

use trees::Tree;

/// That of the binary: it is part of what a run costs.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

#[divan::bench(args = trees::all(), sample_count = 20, sample_size = 1)]
fn check(bencher: Bencher<'_, '_>, tree: &Tree) {
    bencher.bench_local(|| run(tree));
}

/// The session is dropped inside: a process ends with it, too.
fn run(tree: &Tree) -> String {
    let session = Session::default();
    let request = Request { sources: &tree.sources, ..Request::of(&tree.path) };
    let report: Result<Report, _> = session.check(&request, &Selection::default(), None);
    report.map(|report| report::json(&report, &session.files)).unwrap_or_default()
}
