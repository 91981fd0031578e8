//! A kustomization file that brings nothing. kustomize refuses it; Flux applies nothing, and with `prune` deletes what was
//! applied before (flux-build-semantics section 2.1).

use fleetlint_kustomize::{Kustomization, Reader};
use fleetlint_source::path;
use fleetlint_yaml::Node;
use fleetlint_yaml::problem::{Problem, ProblemKind};

use crate::object::Object;

/// The fields that say what is applied. One that is written and empty is so on purpose.
const CONTENT: [&str; 8] = [
    "resources",
    "bases",
    "components",
    "generators",
    "configMapGenerator",
    "secretGenerator",
    "helmCharts",
    "helmChartInflationGenerator",
];

/// The problem of a folder whose kustomization file says nothing of what is applied, the spec included. Where the file has
/// text that is read over, that is the problem.
pub(super) fn nothing_applied(
    kustomization: &Object,
    file: &Kustomization,
    reader: Reader<'_>,
    folder: &str,
) -> Option<Problem> {
    let is_silent = file.resources.is_empty() && file.components.is_empty() && file.ignored.is_empty();
    let place = file.place.filter(|_| is_silent && file.problems.is_empty())?;
    let written = reader.tree.file(&path::join(folder, &file.file_name)).ok()?;
    let stream = reader.documents.of(&written);
    let root = stream.documents.first().and_then(|it| it.as_ref().ok()?.root.as_ref());
    // Whoever comments the items out knows it.
    let has_comments = written.text().is_some_and(|text| text.contains('#'));
    let says =
        |field: &Node| CONTENT.iter().any(|content| field.text().is_some_and(|it| it.eq_ignore_ascii_case(content)));
    let is_on_purpose = |value: &Node| !value.is_null() || has_comments;
    let entries = root.map(Node::entries).unwrap_or_default();
    if entries.iter().any(|entry| says(&entry.key) && is_on_purpose(&entry.value)) {
        return None;
    }
    let prunes = kustomization.str("/spec/prune") == Some("true");
    let then = if prunes { ", and deletes what was applied from it before" } else { "" };
    let message = format!("the kustomization file brings nothing: Flux applies nothing{then}");
    let help = "list the folder's manifests below `resources`; write `resources: []` if nothing is meant";
    Some(Problem::new(ProblemKind::KustomizeFailed, message, Some(place)).help(help))
}
