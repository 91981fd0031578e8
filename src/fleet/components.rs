//! A repository without clusters: its kustomization folders are built on their own, its other manifests are read file by
//! file (discovery.md, "Component mode"). What only the consumer can decide is not judged.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::discover::Landscape;
use super::manifests::Manifests;
use super::note::and_more;
use super::{FleetNote, FleetProblem, NoteReason};
use crate::kustomize::{self, LoadRestriction, Mode, Options, Order, Reader};
use crate::problem::{Problem, ProblemKind};
use crate::source::path::parent;

/// What component mode found.
#[derive(Default)]
pub(super) struct Components {
    /// The folders that were built.
    pub folders: Vec<String>,
    /// How many manifests were read file by file.
    pub manifests: usize,
    pub problems: Vec<FleetProblem>,
    pub notes: Vec<FleetNote>,
}

/// Builds what can be built without a cluster.
pub(super) fn build(land: &Landscape<'_>, manifests: &Manifests) -> Components {
    let reader = land.reader();
    let (folders, inactive) = land.component_folders();
    let built: Vec<Vec<Problem>> = folders.par_iter().map(|folder| problems_of_folder(reader, folder)).collect();
    let charts: BTreeSet<String> = chart_folders(reader);
    let listed = land.listed_files();
    let is_alone = |file: &&String| !listed.contains(*file) && !is_of_chart(file, &charts);
    let alone: Vec<&String> = manifests.files.iter().filter(is_alone).collect();
    let read = alone.iter().flat_map(|file| problems_of_file(reader, file));
    let mut problems: Vec<FleetProblem> = Vec::new();
    for problem in built.into_iter().flatten().chain(read) {
        if !problems.iter().any(|known| known.problem == problem) {
            problems.push(FleetProblem { problem, clusters: BTreeSet::new(), object: None });
        }
    }
    let mut notes: Vec<FleetNote> = Vec::new();
    notes.extend(land.library_note());
    notes.extend(land.text_note(&manifests.files));
    notes.extend(inactive_note(&inactive));
    Components { folders, manifests: alone.len(), problems, notes }
}

/// What kustomize refuses in a folder, whoever builds it. Where charts or remote bases are missing from the build, all but
/// its syntax may be a consequence of that.
fn problems_of_folder(reader: Reader<'_>, folder: &str) -> Vec<Problem> {
    let options = Options { load_restriction: LoadRestriction::None, order: Order::Fifo };
    let problems = match kustomize::Kustomization::read(reader, folder, Mode::Lenient) {
        Ok(file) => kustomize::build_root(reader, folder, &file, options).problems,
        Err(problem) => vec![problem],
    };
    let is_open = problems.iter().any(Problem::is_undetermined);
    let counts = |problem: &Problem| match problem.kind {
        ProblemKind::Undetermined => false,
        ProblemKind::YamlSyntax => true,
        _ => !is_open,
    };
    problems.into_iter().filter(counts).collect()
}

/// What is no YAML in a manifest that no kustomization lists.
fn problems_of_file(reader: Reader<'_>, path: &str) -> Vec<Problem> {
    let Ok(file) = reader.tree.file(path) else { return Vec::new() };
    let stream = reader.documents.of(&file);
    let mut problems: Vec<Problem> = Vec::new();
    for document in &stream.documents {
        match document {
            Ok(document) => problems.extend(document.duplicate_keys.iter().cloned()),
            Err(problem) => problems.push(problem.clone()),
        }
    }
    problems
}

/// The folders of Helm charts: their files are templates and values.
fn chart_folders(reader: Reader<'_>) -> BTreeSet<String> {
    let files = reader.tree.files().into_iter();
    let charts = files.filter(|path| path.rsplit('/').next() == Some("Chart.yaml"));
    charts.filter_map(|path| parent(&path).map(str::to_owned)).collect()
}

fn is_of_chart(file: &str, charts: &BTreeSet<String>) -> bool {
    std::iter::successors(parent(file), |folder| parent(folder)).any(|folder| charts.contains(folder))
}

fn inactive_note(inactive: &[String]) -> Option<FleetNote> {
    let named: Vec<String> = inactive.iter().map(|folder| format!("`{folder}`")).collect();
    let message = match inactive.len() {
        0 => return None,
        1 => format!("1 kustomization in an inactive folder was not checked: {}", and_more(&named)),
        count => format!("{count} kustomizations in inactive folders were not checked: {}", and_more(&named)),
    };
    let help = "nothing to do for examples, templates, tests and archives; what is used needs another folder name";
    Some(FleetNote { count: inactive.len(), ..FleetNote::new(NoteReason::Inactive, message).help(help) })
}
