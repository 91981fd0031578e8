//! `kustomize build` of a small tree: a kustomization, a resource, a patch, and whatever else the input holds.

#![no_main]

mod archive;
mod places;

use std::sync::Arc;

use fleetlint::kustomize::{LoadRestriction, Options, Order, Reader, build};
use fleetlint::source::{Files, Tree};
use fleetlint::yaml::{Documents, print};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let files = Arc::new(Files::default());
    let tree = Tree::of_files(Arc::clone(&files), "r".into(), archive::files(input, "kustomization.yaml"));
    let documents = Documents::default();
    let options = Options { load_restriction: LoadRestriction::None, order: Order::Legacy };
    let build = build(Reader { tree: &tree, documents: &documents }, "", options);
    build.problems.iter().for_each(|problem| places::check_problem(problem, &files));
    for resource in &build.resources {
        places::check_node(resource, &files);
        let _ = print::resource(resource);
    }
});
