//! What installs Flux claims that a cluster syncs: from the path as it is written to folders of the repository, or to what
//! is wrong with it (discovery.md, "A declared path that does not exist").

use std::collections::BTreeSet;
use std::sync::Arc;

use super::address::SourceFact;
use super::bindings::{Bindings, without_open};
use super::landscape::Landscape;
use super::paths::{has_placeholder, has_similar_folder, has_variable, is_in, is_inactive, is_inactive_folder};
use super::root::{Evidence, Root, Strength, Sync};
use super::target::Target;
use crate::fleet::{FleetNote, NoteReason};
use crate::flux::api::{Kustomization, source_reference};
use crate::flux::build::clean_path;
use crate::flux::release::FluxVersion;
use crate::object::Object;
use crate::source::path::parent;
use crate::source::url;

/// A path that something outside the tree of Kustomizations says is synced.
pub(super) struct Claim {
    pub file: String,
    /// What is on the cluster before anything is applied; the root Kustomization is the last one.
    pub seeds: Vec<Arc<Object>>,
    /// What is applied together with them, and may be in the folder that is synced as well.
    beside: Vec<Arc<Object>>,
    strength: Strength,
    evidence: Evidence,
    flux: Option<FluxVersion>,
}

/// What became of the claims of a repository.
#[derive(Default)]
pub(super) struct Claimed {
    pub roots: Vec<Root>,
    pub notes: Vec<FleetNote>,
    /// The files whose claims are not cluster: a template, a placeholder, another repository.
    pub lost: BTreeSet<String>,
}

impl Claim {
    /// A claim of a file.
    pub(super) fn new(file: String, seeds: Vec<Arc<Object>>, strength: Strength, evidence: Evidence) -> Self {
        Self { file, seeds, beside: Vec::new(), strength, evidence, flux: None }
    }

    /// The claim of an instance.
    pub(super) fn of_sync(sync: Sync) -> Self {
        let made = [sync.made.source, sync.made.kustomization].map(Arc::new);
        let seeds = sync.instance.into_iter().chain(made).collect();
        Self { flux: sync.flux, ..Self::new(sync.file, seeds, sync.strength, sync.evidence) }
    }

    /// The claim, with what is applied together with it.
    pub(super) fn with(self, beside: Vec<Arc<Object>>) -> Self {
        Self { beside, ..self }
    }

    /// The Kustomization that it makes the root.
    pub(super) fn kustomization(&self) -> Option<Kustomization<'_>> {
        self.seeds.last().and_then(|seed| Kustomization::of(seed))
    }

    /// Its path, as it is written.
    pub(super) fn path(&self) -> &str {
        self.kustomization().and_then(|it| it.object.str("/spec/path")).unwrap_or_default()
    }

    pub(super) fn source_kind(&self) -> &str {
        let kind = self.kustomization().and_then(|it| source_reference(it.object)?.kind?.text());
        kind.unwrap_or("GitRepository")
    }

    /// The address of the source, as it is written.
    pub(super) fn address(&self) -> Option<&str> {
        let sources = self.seeds.iter().filter(|seed| SourceFact::read(seed).is_some());
        sources.filter_map(|source| source.str("/spec/url")).find(|address| !address.is_empty())
    }

    /// An instance without a path says nothing; bootstrap means the root of the repository.
    pub(super) fn says_something(&self) -> bool {
        self.strength == Strength::Bootstrap || !self.path().is_empty()
    }

    /// Whether the claim counts. What is in the folder that it syncs is as active as that folder, whose own name may be
    /// `template`.
    pub(super) fn is_active(&self, targets: &[Target]) -> bool {
        let mut own = targets.iter().filter(|target| !target.folder.is_empty() && is_in(&self.file, &target.folder));
        !is_inactive(&self.file) || own.any(|target| !is_inactive_folder(&target.folder))
    }

    pub(super) fn targets(&self, land: &Landscape<'_>) -> Vec<Target> {
        // The stub of bootstrap names a folder that need not hold a file yet.
        if self.strength == Strength::Bootstrap && self.seeds.len() == 1 && self.evidence.place.end == 0 {
            let folder = self.path().to_owned();
            return vec![Target { base: String::new(), folder }];
        }
        let mut targets = land.targets_of(self.path(), self.source_kind(), &self.file);
        if has_variable(self.path()) {
            targets = land.without_bases(targets);
        }
        let is_empty = clean_path(self.path()).is_empty();
        match targets.is_empty() && is_empty {
            // Nothing shows where the artifact starts: the whole repository.
            true => vec![Target { base: String::new(), folder: String::new() }],
            false => targets,
        }
    }

    pub(super) fn root(&self, path: &str, target: Target) -> Root {
        // What the folder itself holds need not be there before it.
        let beside = self.beside.iter().filter(|_| !is_in(&self.file, &target.folder));
        let mut seeds: Vec<Arc<Object>> = beside.chain(&self.seeds).cloned().collect();
        if let Some(root) = seeds.last().filter(|_| has_variable(path)).cloned() {
            let bindings = Bindings::of(path, &target);
            seeds.iter_mut().for_each(|seed| *seed = bindings.applied(seed, &root, &target));
        }
        let count = seeds.len() - self.seeds.len();
        let is_open = seeds.iter().take(count).any(|seed| without_open(seed).is_some());
        seeds.iter_mut().take(count).for_each(|seed| *seed = without_open(seed).unwrap_or_else(|| Arc::clone(seed)));
        let flux_folder = parent(&self.file).filter(|_| self.strength == Strength::Bootstrap).map(str::to_owned);
        let evidence = vec![self.evidence.clone()];
        let Target { base, folder } = target;
        Root { path: folder, base, seeds, strength: self.strength, evidence, flux_folder, is_open, flux: self.flux }
    }
}

impl Claimed {
    /// A path that does not exist: a root all the same, unless something says that no cluster of this repository syncs it.
    pub(super) fn lose(&mut self, land: &Landscape<'_>, claim: &Claim) {
        let path = claim.path();
        let clean = clean_path(path);
        let has_similar = !has_variable(path) && has_similar_folder(land.tree, &clean);
        let is_placeholder = has_placeholder(&clean) && !has_similar;
        if has_variable(path) {
            return self.note_open(claim);
        }
        if is_placeholder || is_inactive(&claim.file) {
            return self.note(claim, "which does not exist");
        }
        let is_foreign = claim.address().is_some_and(|address| land.addresses.are_without(address, has_similar));
        match claim.source_kind() {
            "GitRepository" if is_foreign => self.note(claim, &of_another_repository(claim)),
            "GitRepository" => self.keep(claim, clean),
            _ if has_similar => self.keep(claim, clean),
            _ => self.note(claim, "which does not exist"),
        }
    }

    fn keep(&mut self, claim: &Claim, folder: String) {
        self.roots.push(claim.root(claim.path(), Target { base: String::new(), folder }));
    }

    fn note_open(&mut self, claim: &Claim) {
        self.lost.insert(claim.file.clone());
        let note = open_path(&format!("{} syncs `{}`", claim.file, clean_path(claim.path())));
        self.notes.push(note.at(Some(claim.evidence.place)));
    }

    pub(super) fn note(&mut self, claim: &Claim, why: &str) {
        self.lost.insert(claim.file.clone());
        let message = format!("{} syncs `{}`, {why}: no cluster", claim.file, clean_path(claim.path()));
        self.notes.push(missing_path(message).at(Some(claim.evidence.place)));
    }
}

/// The note on a path whose variables no file replaces.
pub(super) fn open_path(what: &str) -> FleetNote {
    let message = format!("{what}, and the values of its variables are not known: no cluster");
    let help = "list the folders that clusters sync in `clusters:` of fleetlint.yaml; if this is intended, list the file in `unapplied:`";
    FleetNote::new(NoteReason::SyncedPathMissing, message).help(help)
}

/// The note on a path that something says is synced and that no cluster of this repository syncs.
pub(super) fn missing_path(message: String) -> FleetNote {
    let help = "correct the path, or remove what names it; if this is intended, list the file in `unapplied:` of \
                fleetlint.yaml";
    FleetNote::new(NoteReason::SyncedPathMissing, message).help(help)
}

pub(super) fn of_another_repository(claim: &Claim) -> String {
    let address = claim.address().map(url::normalize).unwrap_or_default();
    format!("a folder of another repository (`{address}`)")
}
