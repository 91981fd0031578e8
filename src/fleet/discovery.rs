//! How the clusters of a repository were found, for reports: clusters with their evidence, questions, what is left over.

use std::fmt;

use super::components::Components;
use super::discover::left_over::LeftOver;
use super::discover::{Evidence, Found, Question, Status, Unapplied};
use super::note::{FleetNote, NoteReason, and_more};
use super::pasted::pasted;

/// How the clusters of a run were found.
#[derive(Clone, Debug, Default)]
pub struct Discovery {
    pub status: Status,
    /// One sentence for what is not declared.
    pub reason: Option<String>,
    /// In the order of the fleet's clusters.
    pub clusters: Vec<FoundRoots>,
    /// The folders that may be clusters: the reader has to say.
    pub questions: Vec<Question>,
    /// The Kustomizations that no cluster applies.
    pub unapplied: Vec<Unapplied>,
    /// The folders that were built on their own, because there is no cluster.
    pub kustomizations: Vec<String>,
    /// Those of them that need what is not in this repository: they were checked only as far as they can be.
    pub undetermined: Vec<String>,
    /// The manifests that were checked file by file, because there is no cluster and no kustomization lists them.
    pub manifests: usize,
    /// What installs Flux cannot be read, so that no folder is taken for a cluster.
    pub is_blind: bool,
    /// Why nothing was checked, if nothing was.
    pub blocked: Option<Blocked>,
}

/// Why a run checked nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Blocked {
    /// It cannot be told which folders are synced.
    Ambiguous,
    /// The manifests are those of Flux 1: a file that shows it, and what is in it.
    FluxOne { file: String, what: String },
    /// The folder holds no manifest.
    NoManifests,
    /// It holds only templates, tests and archives: a sentence that names them.
    NothingChecked(String),
}

/// Where a cluster begins.
#[derive(Clone, Debug)]
pub struct FoundRoots {
    pub name: String,
    /// Sorted.
    pub paths: Vec<String>,
    /// The folder from which the paths of Kustomizations count; empty for the root of the repository.
    pub base: String,
    pub evidence: Vec<Evidence>,
}

impl fmt::Display for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ambiguous => f.write_str("cannot tell which folders are synced"),
            Self::FluxOne { file, what } if file.ends_with(what) => {
                write!(f, "these are manifests of Flux 1 ({file}): fleetlint checks Flux 2 only")
            }
            Self::FluxOne { file, what } => {
                write!(f, "these are manifests of Flux 1 ({what} in {file}): fleetlint checks Flux 2 only")
            }
            Self::NoManifests => f.write_str("there is no manifest here"),
            Self::NothingChecked(which) => f.write_str(which),
        }
    }
}

impl Discovery {
    pub(super) fn new(found: Found, left_over: LeftOver) -> Self {
        let roots = |cluster: super::discover::FoundCluster| {
            let mut paths: Vec<String> = cluster.roots.iter().map(|root| root.path.clone()).collect();
            paths.sort();
            paths.dedup();
            let base = cluster.roots.first().map(|root| root.base.clone()).unwrap_or_default();
            let evidence = cluster.roots.into_iter().flat_map(|root| root.evidence).collect();
            FoundRoots { name: cluster.name, paths, base, evidence }
        };
        Self {
            status: found.status,
            reason: found.reason,
            is_blind: found.is_blind,
            clusters: found.clusters.into_iter().map(roots).collect(),
            questions: found.questions.into_iter().chain(left_over.questions).collect(),
            unapplied: left_over.unapplied,
            ..Self::default()
        }
    }

    /// Says why nothing can be checked, if nothing can.
    pub(super) fn block(&mut self, blocked: Option<Blocked>) {
        if let Some(blocked) = blocked.as_ref().filter(|blocked| **blocked != Blocked::Ambiguous) {
            self.reason = Some(blocked.to_string());
        }
        self.blocked = blocked;
    }

    /// Takes what component mode checked. Where that was nothing, it blocks the run, unless the configuration says that there
    /// is not a cluster, and whoever wrote that knows it: then a note says it.
    pub(super) fn take(&mut self, components: &Components, is_configured: bool) -> Option<FleetNote> {
        (self.kustomizations, self.manifests) = (components.folders.clone(), components.manifests);
        self.undetermined.clone_from(&components.undetermined_folders);
        let blocked = components.unchecked.clone().map(Blocked::NothingChecked)?;
        if is_configured {
            return Some(FleetNote::new(NoteReason::NothingChecked, blocked.to_string()));
        }
        self.block(Some(blocked));
        self.blocked_note()
    }

    /// The reason as a note, where the question does not say it.
    pub(super) fn blocked_note(&self) -> Option<FleetNote> {
        let message = self.blocked.as_ref().filter(|blocked| **blocked != Blocked::Ambiguous)?.to_string();
        Some(FleetNote::new(NoteReason::NothingChecked, message))
    }

    /// What a reader has to know about how clusters were found.
    pub(super) fn notes(&self) -> Vec<FleetNote> {
        let mut notes = Vec::new();
        if self.status == Status::Assumed {
            let message = self.reason.clone().unwrap_or_default();
            let help = format!("to be sure, say so in fleetlint.yaml: `clusters: [{}]`", self.entries().join(", "));
            notes.push(FleetNote::new(NoteReason::ClustersAssumed, message).help(help));
        }
        if self.status != Status::Ambiguous {
            notes.extend(self.questions.iter().map(question));
        }
        notes.extend(self.unapplied_note());
        notes
    }

    /// The entries of `clusters:` that say what was found.
    fn entries(&self) -> Vec<String> {
        let entry = |cluster: &FoundRoots| match cluster.paths.as_slice() {
            [only] => format!("{{path: {}}}", pasted(only)),
            many => {
                let roots: Vec<String> = many.iter().map(|path| format!("{{path: {}}}", pasted(path))).collect();
                format!("{{name: {}, roots: [{}]}}", pasted(&cluster.name), roots.join(", "))
            }
        };
        self.clusters.iter().map(entry).collect()
    }

    fn unapplied_note(&self) -> Option<FleetNote> {
        let first = self.unapplied.first()?;
        let count = self.unapplied.len();
        let verb = if count == 1 { "Kustomization is" } else { "Kustomizations are" };
        let names: Vec<&str> = self.unapplied.iter().map(|it| it.shown.as_str()).collect();
        let message = format!("{count} {verb} applied by no cluster: {}", and_more(&names));
        let (them, their) = if count == 1 { ("it", "its file") } else { ("them", "their files") };
        let help = format!("apply {them}, remove {them}, or list {their} in `unapplied:` of fleetlint.yaml");
        let note = FleetNote::new(NoteReason::Unapplied, message).help(help).at(Some(first.place));
        Some(FleetNote { count, ..note })
    }
}

fn question(question: &Question) -> FleetNote {
    let path = &question.path;
    let message =
        format!("`{path}` looks like a cluster that is not bootstrapped yet ({}); it was not checked", question.why);
    let help = format!(
        "if it is one, say so in fleetlint.yaml: `clusters: [{{path: {}}}]` and `discover: true`; if not: \
         `unapplied: [\"{path}/**\"]`",
        pasted(path)
    );
    let place = question.evidence.first().map(|evidence| evidence.place);
    FleetNote::new(NoteReason::ClusterQuestion, message).help(help).at(place)
}
