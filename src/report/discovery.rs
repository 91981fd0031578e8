//! How clusters were found, as JSON.

use serde::Serialize;

use crate::fleet::{Discovery, Evidence, FoundRoots, Question, Status, Unapplied};
use crate::locate::Location;
use crate::source::Files;

/// `discovery` in the JSON of `check` and `graph`.
#[derive(Serialize)]
pub(super) struct DiscoveryItem<'a> {
    status: &'static str,
    reason: Option<&'a str>,
    clusters: Vec<ClusterItem<'a>>,
    candidates: Vec<CandidateItem<'a>>,
    unapplied: Vec<UnappliedItem<'a>>,
    kustomizations: &'a [String],
    undetermined: &'a [String],
}

#[derive(Serialize)]
struct ClusterItem<'a> {
    name: &'a str,
    paths: &'a [String],
    base: &'a str,
    evidence: Vec<EvidenceItem<'a>>,
}

#[derive(Serialize)]
struct CandidateItem<'a> {
    path: &'a str,
    why: &'a str,
    same_ending: &'a [String],
    evidence: Vec<EvidenceItem<'a>>,
}

#[derive(Serialize)]
struct EvidenceItem<'a> {
    file: String,
    line: usize,
    what: &'a str,
}

#[derive(Serialize)]
struct UnappliedItem<'a> {
    file: String,
    line: usize,
    object: &'a str,
}

impl<'a> DiscoveryItem<'a> {
    pub(super) fn new(discovery: &'a Discovery, files: &Files) -> Self {
        Self {
            status: status(discovery.status),
            reason: discovery.reason.as_deref(),
            clusters: discovery.clusters.iter().map(|it| cluster(it, files)).collect(),
            candidates: discovery.questions.iter().map(|it| candidate(it, files)).collect(),
            unapplied: discovery.unapplied.iter().map(|it| unapplied(it, files)).collect(),
            kustomizations: &discovery.kustomizations,
            undetermined: &discovery.undetermined,
        }
    }
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Configured => "configured",
        Status::Declared => "declared",
        Status::Assumed => "assumed",
        Status::Ambiguous => "ambiguous",
        Status::None => "none",
    }
}

fn cluster<'a>(roots: &'a FoundRoots, files: &Files) -> ClusterItem<'a> {
    let evidence = roots.evidence.iter().map(|it| evidence(it, files)).collect();
    ClusterItem { name: &roots.name, paths: &roots.paths, base: &roots.base, evidence }
}

fn candidate<'a>(question: &'a Question, files: &Files) -> CandidateItem<'a> {
    let evidence = question.evidence.iter().map(|it| evidence(it, files)).collect();
    CandidateItem { path: &question.path, why: &question.why, same_ending: &question.same_ending, evidence }
}

fn evidence<'a>(evidence: &'a Evidence, files: &Files) -> EvidenceItem<'a> {
    let place = Location::of(evidence.place, files);
    EvidenceItem { file: place.file, line: place.line, what: &evidence.what }
}

fn unapplied<'a>(unapplied: &'a Unapplied, files: &Files) -> UnappliedItem<'a> {
    let place = Location::of(unapplied.place, files);
    UnappliedItem { file: place.file, line: place.line, object: &unapplied.object }
}
