//! What each build applies next, known once for all roots: a build with the folder that paths count from yields the same
//! Kustomizations, whoever applies it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::address::Reads;
use super::landscape::{FolderBuild, Landscape, Target, span_of};
use super::paths::has_variable;
use crate::flux::api::Kustomization;
use crate::object::Object;
use crate::yaml::Span;

/// The steps from build to build, as far as somebody has asked.
#[derive(Default)]
pub(super) struct Web {
    steps: Vec<Step>,
    /// By the address of the build, which the landscape keeps, and the base.
    builds: HashMap<(usize, String), usize>,
    /// By path and base.
    patterns: HashMap<(String, String), usize>,
    by_folder: HashMap<String, Vec<usize>>,
    /// The builds that yield a Kustomization, each with the step that it makes.
    by_document: HashMap<Span, Vec<(usize, usize)>>,
}

/// Something that is reached, and what it makes next once that is known.
struct Step {
    kind: Kind,
    next: Option<Arc<[usize]>>,
}

enum Kind {
    Build {
        build: Arc<FolderBuild>,
        base: String,
        folder: String,
    },
    /// A path with variables: all folders that fit. Many Kustomizations share it, so that each pair of a Kustomization and
    /// a folder is no step of its own.
    Pattern {
        targets: Vec<Target>,
        folders: HashSet<String>,
    },
}

impl Web {
    /// The step that a Kustomization with this target starts with.
    pub(super) fn start(&mut self, land: &Landscape<'_>, object: &Object, target: &Target) -> Option<usize> {
        let kustomization = Kustomization::of(object)?;
        let build = land.build_of(kustomization, target);
        Some(self.build(build, target))
    }

    /// The steps behind a step.
    pub(super) fn next(&mut self, land: &Landscape<'_>, at: usize) -> Vec<usize> {
        let Some(step) = self.steps.get(at) else { return Vec::new() };
        if let Some(next) = &step.next {
            return next.to_vec();
        }
        let next = match &step.kind {
            Kind::Build { build, base, .. } => {
                let (build, base) = (Arc::clone(build), base.clone());
                self.applied(land, at, &build, &base)
            }
            Kind::Pattern { targets, .. } => {
                let targets = targets.clone();
                targets.iter().map(|target| self.build(land.build(&target.folder), target)).collect()
            }
        };
        if let Some(step) = self.steps.get_mut(at) {
            step.next = Some(next.as_slice().into());
        }
        next
    }

    /// The Kustomizations that a build applies in this repository.
    fn applied(&mut self, land: &Landscape<'_>, at: usize, build: &FolderBuild, base: &str) -> Vec<usize> {
        let mut found = Vec::new();
        for child in build.kustomizations().filter(|it| !it.is_remote() && land.reads(*it, build) != Reads::Other) {
            let Some(span) = span_of(child.object) else { continue };
            let steps = self.steps_of(land, child, base);
            steps.iter().for_each(|step| self.by_document.entry(span).or_default().push((at, *step)));
            found.extend(steps);
        }
        found
    }

    fn steps_of(&mut self, land: &Landscape<'_>, child: Kustomization<'_>, base: &str) -> Vec<usize> {
        let path = child.object.str("/spec/path").unwrap_or_default();
        if !has_variable(path) {
            let targets = land.targets_from(child, base);
            return targets.iter().map(|target| self.build(land.build_of(child, target), target)).collect();
        }
        let key = (path.to_owned(), base.to_owned());
        if let Some(known) = self.patterns.get(&key) {
            return vec![*known];
        }
        let targets = land.targets_from(child, base);
        let folders = targets.iter().map(|target| target.folder.clone()).collect();
        let at = self.add(Kind::Pattern { targets, folders });
        self.patterns.insert(key, at);
        vec![at]
    }

    fn build(&mut self, build: Arc<FolderBuild>, target: &Target) -> usize {
        let key = (Arc::as_ptr(&build) as usize, target.base.clone());
        if let Some(known) = self.builds.get(&key) {
            return *known;
        }
        let Target { base, folder } = target.clone();
        let at = self.add(Kind::Build { build, base, folder: folder.clone() });
        self.builds.insert(key, at);
        self.by_folder.entry(folder).or_default().push(at);
        at
    }

    fn add(&mut self, kind: Kind) -> usize {
        self.steps.push(Step { kind, next: None });
        self.steps.len() - 1
    }

    /// The steps that build a folder.
    pub(super) fn builds_of(&self, folder: &str) -> &[usize] {
        self.by_folder.get(folder).map_or(&[], Vec::as_slice)
    }

    /// The builds that apply a document as the Kustomization of a folder.
    pub(super) fn appliers_of(&self, document: Span, folder: &str) -> impl Iterator<Item = usize> {
        let all = self.by_document.get(&document).into_iter().flatten();
        all.filter(move |(_, step)| self.leads_to(*step, folder)).map(|(from, _)| *from)
    }

    fn leads_to(&self, step: usize, to: &str) -> bool {
        match self.steps.get(step).map(|step| &step.kind) {
            Some(Kind::Build { folder, .. }) => folder == to,
            Some(Kind::Pattern { folders, .. }) => folders.contains(to),
            None => false,
        }
    }

    /// Where the documents of a step's build are written.
    pub(super) fn documents(&self, step: usize) -> impl Iterator<Item = &Span> {
        let build = match self.steps.get(step).map(|step| &step.kind) {
            Some(Kind::Build { build, .. }) => Some(build),
            _ => None,
        };
        build.into_iter().flat_map(|build| &build.documents)
    }
}
