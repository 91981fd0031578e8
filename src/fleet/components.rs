//! A repository without clusters: its kustomization folders are built on their own, its other manifests are read file by
//! file (discovery.md, "Component mode"). What only the consumer can decide is not judged.

mod consumer;
mod notes;
mod templates;

use std::collections::BTreeSet;

use rayon::prelude::*;

use self::consumer::{Open, Texts, external_plugin};
use self::templates::Charts;
use super::discover::Landscape;
use super::manifests::Manifests;
use super::{FleetNote, FleetProblem, Undetermined};
use crate::kustomize::{self, LoadRestriction, Mode, Options, Order, Reader};
use crate::problem::{Problem, ProblemKind};

/// What component mode found.
#[derive(Default)]
pub(super) struct Components {
    /// The folders that were built; those of `undetermined` only as far as they could be.
    pub folders: Vec<String>,
    /// The folders of which only the consumer knows what they build.
    pub undetermined_folders: Vec<String>,
    /// How many manifests were read file by file.
    pub manifests: usize,
    /// Manifests are there, and none was checked: which.
    pub unchecked: Option<String>,
    pub problems: Vec<FleetProblem>,
    pub notes: Vec<FleetNote>,
    pub undetermined: Vec<Undetermined>,
}

/// A folder, what is wrong in it, and why it is not known what it builds, if so.
struct Folder {
    path: String,
    problems: Vec<Problem>,
    open: Option<Open>,
}

/// The manifests that no build reads.
#[derive(Default)]
struct Alone<'m> {
    checked: usize,
    inactive: Vec<&'m String>,
    templates: Vec<&'m String>,
    problems: Vec<Problem>,
}

/// Builds what can be built without a cluster.
pub(super) fn build(land: &Landscape<'_>, manifests: &Manifests) -> Components {
    let reader = land.reader();
    let (texts, charts) = (Texts::of(land), Charts::of(&land.artifact));
    let (paths, inactive) = land.component_folders(&|file| charts.hold(file));
    let folders: Vec<Folder> = paths.par_iter().map(|path| Folder::build(land, &texts, path)).collect();
    let mut alone = alone(reader, &texts, &charts, manifests, &read_by(land, &folders));
    // These are parts of a kustomization that is named.
    let of_inactive: BTreeSet<String> = inactive.iter().flat_map(|folder| land.sources_of(folder)).collect();
    alone.inactive.retain(|file| !of_inactive.contains(*file));
    let is_template = |folder: &&Folder| folder.open == Some(Open::Template);
    let templates =
        folders.iter().filter(is_template).map(|folder| &folder.path).chain(alone.templates.iter().copied());
    let templates: Vec<&String> = templates.collect();
    let undetermined: Vec<Undetermined> = folders.iter().filter_map(Folder::undetermined).collect();
    let built: Vec<&Folder> = folders.iter().filter(|folder| !is_template(folder)).collect();
    let open: Vec<&String> = built.iter().filter(|folder| folder.open.is_some()).map(|folder| &folder.path).collect();
    let mut notes: Vec<FleetNote> = Vec::new();
    notes.extend(land.library_note());
    notes.extend(land.text_note(&manifests.files));
    notes.extend(notes::inactive(&inactive, &alone.inactive));
    notes.extend(notes::templates(&templates));
    notes.extend(notes::undetermined(&open));
    let is_unchecked = built.is_empty() && alone.checked == 0;
    let unchecked = is_unchecked.then(|| notes::nothing_checked(&manifests.files));
    let undetermined_folders = open.into_iter().cloned().collect();
    let built = built.into_iter().map(|folder| folder.path.clone()).collect();
    let problems = once(folders.into_iter().flat_map(|folder| folder.problems).chain(alone.problems));
    Components {
        folders: built,
        undetermined_folders,
        manifests: alone.checked,
        unchecked,
        problems,
        notes,
        undetermined,
    }
}

impl Folder {
    /// What kustomize refuses in a folder, whoever builds it. Where something is missing from the build that is not in this
    /// repository, all but its syntax may be a consequence of that, unless the build itself knows what follows from it.
    fn build(land: &Landscape<'_>, texts: &Texts<'_>, path: &str) -> Self {
        let reader = land.reader();
        let options = Options { load_restriction: LoadRestriction::None, order: Order::Fifo };
        let mut problems = match kustomize::Kustomization::read(reader, path, Mode::Lenient) {
            Ok(file) => [file.ignored.clone(), kustomize::build_root(reader, path, &file, options).problems].concat(),
            Err(problem) => vec![problem],
        };
        // Without a problem there is no such plugin: kustomize refuses it.
        let plugin = if problems.is_empty() { None } else { external_plugin(land, path) };
        let is_blurred = plugin.is_some()
            || problems.iter().any(|it| it.kind != ProblemKind::Incomplete && texts.why_open(it).is_some());
        let reasons = problems.iter().filter_map(|problem| texts.why_open(problem));
        let mut reasons: Vec<Open> = plugin.into_iter().chain(reasons).collect();
        let is_syntax = |it: &Problem| it.kind.is_syntax() && !texts.is_of_template(it);
        problems.retain(|problem| (!is_blurred && !problem.is_undetermined()) || is_syntax(problem));
        let template = reasons.iter().position(|reason| *reason == Open::Template).unwrap_or_default();
        let problems = problems.into_iter().map(|problem| texts.explained(problem)).collect();
        let open = (!reasons.is_empty()).then(|| reasons.swap_remove(template));
        Self { path: path.to_owned(), problems, open }
    }

    fn undetermined(&self) -> Option<Undetermined> {
        let Some(Open::Elsewhere(reason, place)) = &self.open else { return None };
        Some(Undetermined::new(format!("folder {}", self.path), *place, reason.clone()))
    }
}

/// The files that builds read. Of one that is not known in full it is not known whether it reads its patches.
fn read_by(land: &Landscape<'_>, folders: &[Folder]) -> BTreeSet<String> {
    let files = |folder: &Folder| match folder.open.is_none() {
        true => land.sources_of(&folder.path),
        false => land.resources_of(&folder.path),
    };
    folders.iter().flat_map(files).collect()
}

/// Reads the manifests that no build reads.
fn alone<'m>(
    reader: Reader<'_>,
    texts: &Texts<'_>,
    charts: &Charts,
    manifests: &'m Manifests,
    is_read: &BTreeSet<String>,
) -> Alone<'m> {
    let mut alone = Alone::default();
    for file in manifests.files.iter().filter(|file| !is_read.contains(*file) && !charts.hold(file)) {
        if Landscape::is_inactive_manifest(file) {
            alone.inactive.push(file);
            continue;
        }
        let problems = problems_of_file(reader, file);
        if problems.iter().any(|problem| texts.is_of_template(problem)) {
            alone.templates.push(file);
            continue;
        }
        alone.checked += 1;
        alone.problems.extend(problems);
    }
    alone
}

/// What is not YAML in a manifest that no kustomization lists.
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

/// Each problem once, in the order in which they come. No cluster runs into any.
fn once(problems: impl Iterator<Item = Problem>) -> Vec<FleetProblem> {
    let mut known = std::collections::HashSet::new();
    let first = problems.filter(|problem| known.insert(problem.clone()));
    first.map(|problem| FleetProblem { problem, clusters: BTreeSet::new(), object: None, undefined: None }).collect()
}
