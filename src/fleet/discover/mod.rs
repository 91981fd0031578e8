//! Where clusters begin: the roots of a fleet repository, found in its files without any configuration.
//!
//! R0 says which repository this is ([`address`]). R1 to R4 read what declares a root: what installs Flux ([`instance`],
//! [`values`], [`bootstrap`]), a folder that syncs itself ([`self_sync`]), a folder that is applied once ([`kit`]), a
//! Kustomization that no build yields ([`unbuilt`]). R5 says which roots are one cluster ([`combine`]). Where nothing is
//! declared, R6 and R7 read the structure ([`structure`], [`text`]). R8 says what no cluster applies ([`left_over`]).

mod address;
mod alike;
mod bindings;
mod bootstrap;
mod claim;
mod claims;
mod combine;
pub(super) mod configured;
mod folder_build;
mod graph;
mod instance;
mod kit;
mod kit_files;
mod landscape;
pub(super) mod left_over;
mod library;
mod listing;
mod names;
mod paths;
mod reach;
mod reads;
mod root;
mod seeds;
mod self_sync;
mod source_facts;
mod steps;
mod structure;
mod target;
mod targets;
mod template;
mod text;
mod unbuilt;
mod values;
mod variables;
mod walk;
mod web;
mod words;
mod yields;

use super::{FleetNote, installers};
use crate::config::{Config, PathPattern};
use crate::flux::api::Kustomization;
use crate::flux::build::clean_path;
use crate::flux::release::FluxVersion;
use crate::problem::Problem;
use crate::yaml::Span;
pub(super) use address::Addresses;
use address::Clues;
use claim::{Claim, Claimed};
use combine::Draft;
use configured::is_unapplied;
pub(super) use landscape::Landscape;
pub(super) use paths::{is_in, is_inactive, similar_folder};
use reads::source_of;
pub use root::Evidence;
pub(super) use root::{Root, Strength};
use source_facts::SourceFacts;
use structure::Structure;
use structure::candidates::{Candidate, Known};

/// How the clusters of a repository are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// `clusters:` in the configuration, or `--root`.
    Configured,
    /// Files of the repository say what is synced.
    Declared,
    /// The structure of the repository shows one group of folders.
    Assumed,
    /// It cannot be told which folders are synced.
    Ambiguous,
    /// There is no cluster.
    #[default]
    None,
}

/// A folder that may be a cluster: the reader has to say.
#[derive(Clone, Debug)]
pub struct Question {
    /// Relative to the repository.
    pub path: String,
    pub why: String,
    /// The folders with the same ending.
    pub same_ending: Vec<String>,
    /// The folders that hold only sources, which its Kustomizations read.
    pub sources: Vec<String>,
    pub evidence: Vec<Evidence>,
    /// How many Kustomizations it holds.
    pub count: usize,
}

/// A Kustomization that no cluster applies.
#[derive(Clone, Debug)]
pub struct Unapplied {
    /// The document.
    pub place: Span,
    /// The same as `file:line`.
    pub shown: String,
    /// `Kustomization namespace/name`.
    pub object: String,
}

/// The clusters of a repository, before they are rendered.
#[derive(Default)]
pub(super) struct Found {
    pub status: Status,
    pub reason: Option<String>,
    /// Each with its name, in the order of the paths.
    pub clusters: Vec<FoundCluster>,
    /// What `Status::Ambiguous` asks about.
    pub questions: Vec<Question>,
    pub notes: Vec<FleetNote>,
    /// What the configuration says about clusters and is not so.
    pub misconfigured: Vec<Problem>,
    /// The configuration says that there are no clusters.
    pub is_configured: bool,
    /// What installs Flux cannot be read, so that no folder is taken for a cluster.
    pub is_blind: bool,
}

/// The roots of one cluster and its name.
pub(super) struct FoundCluster {
    pub name: String,
    pub roots: Vec<Root>,
    /// The release of Flux that the configuration gives it.
    pub flux: Option<FluxVersion>,
    /// The configuration says whether it is locked down.
    pub multitenant: Option<bool>,
}

impl FoundCluster {
    /// Somebody applies its roots by hand.
    pub(super) fn is_kit(&self) -> bool {
        self.roots.iter().all(|root| root.strength == Strength::Kit)
    }
}

/// Why there is no cluster.
const NOTHING: &str = "nothing in this repository says what a cluster syncs, and no folder looks like one";

/// Finds the clusters of a repository: those that the configuration lists, or those that its files show.
pub(super) fn clusters(land: &mut Landscape<'_>, remotes: &[String], config: &Config) -> Found {
    let entries = config.clusters.as_deref();
    let own = entries.unwrap_or_default().iter().filter_map(|entry| entry.source.as_ref()?.url.as_deref());
    let remotes: Vec<String> = remotes.iter().cloned().chain(own.map(str::to_owned)).collect();
    let found = match entries {
        Some([]) if !config.discover => {
            let reason = "`clusters: []` in fleetlint.yaml says that there are none".to_owned();
            return Found { reason: Some(reason), is_configured: true, ..Found::default() };
        }
        Some(_) if !config.discover => declared(land, &remotes, &config.unapplied),
        _ => discovered(land, &remotes, &config.unapplied),
    };
    let Some(entries) = entries else { return found };
    let configured = match config.discover {
        true => configured::added(land, entries, found.clusters),
        false => configured::clusters(land, entries, &found.clusters),
    };
    let (clusters, misconfigured) = match configured {
        Ok(clusters) => (clusters, Vec::new()),
        Err(problems) => (Vec::new(), problems),
    };
    let notes = if config.discover { found.notes } else { Vec::new() };
    Found { status: Status::Configured, clusters, misconfigured, notes, ..Found::default() }
}

/// R1 to R7: what files declare, or the structure shows.
fn discovered(land: &mut Landscape<'_>, remotes: &[String], on_purpose: &[PathPattern]) -> Found {
    let mut found = declared(land, remotes, on_purpose);
    found.notes.retain(|note| !is_on_purpose(land, note, on_purpose));
    match found.clusters.is_empty() {
        false => found,
        true => {
            let structure = match land.is_blind(on_purpose) {
                true => Found { reason: installers::reason(&land.unread), is_blind: true, ..Found::default() },
                false => undeclared(land, on_purpose),
            };
            Found { notes: found.notes, ..structure }
        }
    }
}

/// Whether the configuration says that the file of a note is left out on purpose.
fn is_on_purpose(land: &Landscape<'_>, note: &FleetNote, on_purpose: &[PathPattern]) -> bool {
    let file = note.place.filter(|_| !on_purpose.is_empty()).and_then(|place| land.file_with(place.file));
    file.is_some_and(|file| is_unapplied(on_purpose, &file.path))
}

/// R1 to R5: what files declare.
fn declared(land: &mut Landscape<'_>, remotes: &[String], on_purpose: &[PathPattern]) -> Found {
    let mut claimed = claims(land, remotes);
    let mut roots = std::mem::take(&mut claimed.roots);
    // What is only likely to read this repository is no evidence while what installs Flux cannot be read.
    let is_blind = land.is_blind(on_purpose);
    if !is_blind {
        roots.extend(self_sync::roots(land));
    }
    let kits = if is_blind { Vec::new() } else { kit::kits(land, &roots, &mut claimed) };
    let mut drafts = combine::clusters(land, roots, &mut claimed);
    drafts.extend(combine::kits(land, &drafts, kits));
    if drafts.is_empty() && !is_blind {
        drafts.extend(unbuilt::roots(land).into_iter().map(Draft::of));
    }
    Found { status: Status::Declared, clusters: named(land, drafts), notes: claimed.notes, ..Found::default() }
}

/// R1, with the addresses that it proves.
fn claims(land: &mut Landscape<'_>, remotes: &[String]) -> Claimed {
    let syncs = instance::syncs(land).into_iter().chain(values::syncs(land)).map(Claim::of_sync);
    let claims = syncs.chain(bootstrap::claims(land)).collect();
    claims::read(land, claims, |land, declared| {
        let sources = land.sources.iter().filter_map(|fact| fact.address.clone()).collect();
        let read = land.kustomizations().filter_map(|(manifest, it)| read_address(land, it, &manifest.path)).collect();
        Addresses::of(&Clues { remotes, folder: &land.tree.repository, declared, sources, read })
    })
}

/// The address that a Kustomization with an existing, non-empty path reads.
fn read_address(land: &Landscape<'_>, kustomization: Kustomization<'_>, file: &str) -> Option<String> {
    let path = clean_path(kustomization.object.str("/spec/path")?);
    let reference = kustomization.source_ref()?;
    let address = source_of(kustomization, &reference, SourceFacts::none(), &land.sources)??.to_owned();
    (!path.is_empty() && !land.targets(kustomization, file).is_empty()).then_some(address)
}

fn named(land: &Landscape<'_>, mut drafts: Vec<Draft>) -> Vec<FoundCluster> {
    drafts.sort_by(|a, b| a.paths().cmp(b.paths()));
    let names = names::names(&drafts, &land.tree.repository);
    names
        .into_iter()
        .zip(drafts)
        .map(|(name, draft)| FoundCluster { name, roots: draft.roots, flux: None, multitenant: None })
        .collect()
}

/// R6 and R7.
fn undeclared(land: &Landscape<'_>, on_purpose: &[PathPattern]) -> Found {
    let is_left_out =
        |candidate: &Candidate| candidate.kustomizations.iter().all(|(_, file)| is_unapplied(on_purpose, file));
    let found = structure::candidates::find(land, &Known { is_taken: &is_left_out, ..Known::NOTHING });
    match structure::read(land, &found.candidates) {
        Structure::Assumed(drafts, reason) => {
            Found { status: Status::Assumed, reason: Some(reason), clusters: named(land, drafts), ..Found::default() }
        }
        Structure::Ambiguous(candidates, reason) => {
            let ask = |(it, sources): (&Candidate, Vec<String>)| Question {
                same_ending: same_ending(land, it),
                sources,
                ..Question::of(it, reason.clone())
            };
            let sources = structure::join::sources_of(land, &candidates);
            let questions = candidates.iter().zip(sources).map(ask).collect();
            Found { status: Status::Ambiguous, reason: Some(reason), questions, ..Found::default() }
        }
        Structure::Nothing => Found { reason: Some(NOTHING.to_owned()), ..Found::default() },
    }
}

/// The other folders with the longest ending that any of them shares with a candidate, at the same depth.
fn same_ending(land: &Landscape<'_>, candidate: &Candidate) -> Vec<String> {
    let segments: Vec<&str> = candidate.folder.split('/').collect();
    let folders = land.folders();
    (1..segments.len())
        .map(|skipped| segments[skipped..].join("/"))
        .map(|ending| {
            let is_like = |folder: &&String| {
                folder.split('/').count() == segments.len()
                    && **folder != candidate.folder
                    && folder.ends_with(&format!("/{ending}"))
            };
            folders.iter().filter(is_like).cloned().collect::<Vec<String>>()
        })
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

impl Landscape<'_> {
    /// Whether what installs Flux cannot be read, and no declared root proves which repository this is.
    fn is_blind(&self, on_purpose: &[PathPattern]) -> bool {
        !self.addresses.are_proven && self.unread.iter().any(|it| !is_unapplied(on_purpose, &it.path))
    }
}

impl Question {
    fn of(candidate: &Candidate, why: String) -> Self {
        let evidence = candidate.kustomizations.iter().filter_map(|(object, _)| {
            let what = self_sync::evidence(object)?.what;
            Some(Evidence { place: object.root.origin.span?, what })
        });
        let evidence: Vec<Evidence> = evidence.collect();
        let (same_ending, sources) = (Vec::new(), Vec::new());
        Self { path: candidate.folder.clone(), why, same_ending, sources, count: evidence.len(), evidence }
    }
}
