//! The way from build to build: what each of them applies, and which folders that leads to.

use std::sync::Arc;

use rayon::prelude::*;

use super::folder_build::{FolderBuild, span_of};
use super::landscape::Landscape;
use super::paths::has_variable;
use super::reads::Reads;
use super::source_facts::SourceFacts;
use super::steps::Steps;
use super::target::Target;
use super::web::{Kind, Web};
use crate::flux::api::Kustomization;
use crate::object::Object;

impl Web {
    /// The step that a Kustomization with this target starts with.
    pub(super) fn start(
        &mut self,
        land: &Landscape<'_>,
        object: &Object,
        target: Target,
        near: &SourceFacts,
    ) -> Option<usize> {
        let root = Builder { kustomization: Kustomization::of(object)?, near, reads_this: true };
        Some(self.build(land, &root, target))
    }

    /// All steps that are reached from a step, itself included.
    pub(super) fn reached(&mut self, land: &Landscape<'_>, start: usize) -> Arc<Steps> {
        if let Some(known) = self.reached.get(&start) {
            return Arc::clone(known);
        }
        let (mut found, mut open) = (Steps::default(), vec![start]);
        found.insert(start);
        while !open.is_empty() {
            self.build_next(land, &open);
            for at in std::mem::take(&mut open) {
                let next = self.next(land, at);
                // What is known is taken first, so that roots that reach each other are walked once.
                next.iter().filter_map(|step| self.reached.get(step)).for_each(|known| found.add(known));
                open.extend(next.iter().copied().filter(|step| found.insert(*step)));
            }
        }
        let found = Arc::new(found);
        self.reached.insert(start, Arc::clone(&found));
        found
    }

    /// Makes the builds after some steps, in parallel; `next` finds them made. Nothing in here asks for the web itself.
    fn build_next(&self, land: &Landscape<'_>, steps: &[usize]) {
        let open = steps.iter().filter_map(|at| self.steps.get(*at)).filter(|step| step.next.is_none());
        open.collect::<Vec<_>>().into_par_iter().for_each(|step| match &step.kind {
            Kind::Build(Some(build), target) => build.objects.par_iter().for_each(|object| {
                let Some(child) = Kustomization::of(object).filter(|it| !it.is_remote()) else { return };
                let is_plain = !has_variable(object.str("/spec/path").unwrap_or_default());
                if is_plain && land.reads(child, build) != Reads::Other {
                    let targets = land.targets_from(child, &target.base);
                    targets.iter().for_each(|target| _ = Builder::of(land, child, &build.sources).built(land, target));
                }
            }),
            Kind::Build(None, _) => {}
            Kind::Pattern(object, targets) => targets.par_iter().for_each(|(_, target)| {
                _ = Kustomization::of(object)
                    .and_then(|it| Builder::of(land, it, SourceFacts::none()).built(land, target));
            }),
        });
    }

    /// The steps after a step.
    fn next(&mut self, land: &Landscape<'_>, at: usize) -> Arc<[usize]> {
        let Some(step) = self.steps.get(at) else { return Arc::default() };
        if let Some(next) = &step.next {
            return Arc::clone(next);
        }
        let next: Arc<[usize]> = match step.kind.clone() {
            Kind::Build(build, target) => build.map(|build| self.applied(land, at, &build, &target.base)),
            Kind::Pattern(object, targets) => Kustomization::of(&object)
                .map(|it| Builder::of(land, it, SourceFacts::none()))
                .map(|it| targets.values().map(|target| self.build(land, &it, target.clone())).collect()),
        }
        .unwrap_or_default();
        if let Some(step) = self.steps.get_mut(at) {
            step.next = Some(Arc::clone(&next));
        }
        next
    }

    /// The Kustomizations that a build applies in this repository.
    fn applied(&mut self, land: &Landscape<'_>, at: usize, build: &FolderBuild, base: &str) -> Arc<[usize]> {
        let mut found = Vec::new();
        for object in &build.objects {
            let Some(child) = Kustomization::of(object).filter(|it| !it.is_remote()) else { continue };
            let Some(span) = span_of(object).filter(|_| land.reads(child, build) != Reads::Other) else { continue };
            let steps = self.steps_of(land, object, child, (base, &build.sources));
            steps.iter().for_each(|step| self.by_document.entry(span).or_default().push((at, *step)));
            found.extend(steps);
        }
        found.into()
    }

    fn steps_of(
        &mut self,
        land: &Landscape<'_>,
        object: &Arc<Object>,
        child: Kustomization<'_>,
        (base, near): (&str, &SourceFacts),
    ) -> Vec<usize> {
        let path = object.str("/spec/path").unwrap_or_default();
        let targets = || land.targets_from(child, base).into_iter();
        if !has_variable(path) {
            let builder = Builder::of(land, child, near);
            return targets().map(|target| self.build(land, &builder, target)).collect();
        }
        let key = (path.to_owned(), base.to_owned());
        if let Some(known) = self.patterns.get(&key) {
            return vec![*known];
        }
        let targets = targets().map(|target| (target.folder.clone(), target)).collect();
        let at = self.add(Kind::Pattern(Arc::clone(object), Arc::new(targets)));
        self.patterns.insert(key, at);
        vec![at]
    }

    fn build(&mut self, land: &Landscape<'_>, builder: &Builder<'_>, target: Target) -> usize {
        let build = builder.built(land, &target);
        let key = (build.as_ref().map_or(0, |build| Arc::as_ptr(build) as usize), target.clone());
        if let Some(known) = self.builds.get(&key) {
            return *known;
        }
        self.by_folder.entry(target.folder.clone()).or_default().push(self.steps.len());
        self.builds.insert(key, self.steps.len());
        self.add(Kind::Build(build, target))
    }
}

/// A Kustomization that builds folders.
struct Builder<'k> {
    kustomization: Kustomization<'k>,
    /// The sources beside it.
    near: &'k SourceFacts,
    /// It is known to read this repository.
    reads_this: bool,
}

impl<'k> Builder<'k> {
    fn of(land: &Landscape<'_>, kustomization: Kustomization<'k>, near: &'k SourceFacts) -> Self {
        let reads_this = land.addresses.read_by(kustomization, near, &land.sources) == Reads::Ours;
        Self { kustomization, near, reads_this }
    }

    /// What it builds, if that can yield a Kustomization. Where it only may read this repository, the folder alone shows
    /// what it may apply: most often others build that as well.
    fn built(&self, land: &Landscape<'_>, target: &Target) -> Option<Arc<FolderBuild>> {
        let Self { kustomization, near, reads_this } = *self;
        let build = || match reads_this {
            true => land.build_of(kustomization, target, near),
            false => land.build(&target.folder),
        };
        land.may_make_kustomizations(kustomization, target).then(build)
    }
}
