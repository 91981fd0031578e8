//! Rendered text to objects, as the operator reads it.

use std::sync::LazyLock;

use fleetlint_source::{FileId, Files};
use fleetlint_yaml::{Node, parse, yaml11};

/// The documents of a text as JSON; the spans in them are those of the text.
pub(super) fn documents(text: &str) -> Vec<Result<Node, String>> {
    let stream = parse::file(text, *SCRATCH);
    let read = |document: Result<fleetlint_yaml::Document, fleetlint_yaml::problem::Problem>| match document {
        Ok(document) => document.root.map(|root| yaml11::to_json(&root)),
        Err(problem) => Some(Err(problem.message)),
    };
    stream.documents.into_iter().filter_map(read).collect()
}

/// The file that rendered texts seem to be in; no result keeps a span of it.
static SCRATCH: LazyLock<FileId> =
    LazyLock::new(|| Files::default().add("".into(), None, String::new(), Vec::new()).id);
