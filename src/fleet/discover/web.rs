//! What each build applies next, known once for all roots: a build with the folder that paths count from yields the same
//! Kustomizations, whoever applies it.

use std::collections::HashMap;
use std::sync::Arc;

use super::folder_build::FolderBuild;
use super::steps::Steps;
use super::target::Target;
use crate::object::Object;
use crate::yaml::Span;

/// The steps from build to build, as far as somebody has asked.
#[derive(Default)]
pub(super) struct Web {
    pub(super) steps: Vec<Step>,
    /// By the address of the build, which the step keeps, and the target.
    pub(super) builds: HashMap<(usize, Target), usize>,
    /// By path and base.
    pub(super) patterns: HashMap<(String, String), usize>,
    pub(super) by_folder: HashMap<String, Vec<usize>>,
    /// The builds that yield a Kustomization, each with the step that it makes.
    pub(super) by_document: HashMap<Span, Vec<(usize, usize)>>,
    /// What is reached from the steps that roots start with.
    pub(super) reached: HashMap<usize, Arc<Steps>>,
}

/// Something that is reached, and what it makes next once that is known.
pub(super) struct Step {
    pub(super) kind: Kind,
    pub(super) next: Option<Arc<[usize]>>,
}

#[derive(Clone)]
pub(super) enum Kind {
    /// Without a build where it can yield no Kustomization.
    Build(Option<Arc<FolderBuild>>, Target),
    /// A path with variables: all folders that fit. Many Kustomizations share it, so that each pair of a Kustomization and
    /// a folder is not a step of its own.
    Pattern(Arc<Object>, Arc<HashMap<String, Target>>),
}

impl Web {
    /// A step that nobody has come to yet.
    pub(super) fn add(&mut self, kind: Kind) -> usize {
        self.steps.push(Step { kind, next: None });
        self.steps.len() - 1
    }

    /// The steps that build a folder.
    pub(super) fn builds_of(&self, folder: &str) -> &[usize] {
        self.by_folder.get(folder).map_or(&[], Vec::as_slice)
    }

    /// The builds that apply a document as the Kustomization of a folder.
    pub(super) fn reconcilers_of(&self, document: Span, folder: &str) -> impl Iterator<Item = usize> {
        let all = self.by_document.get(&document).into_iter().flatten();
        all.filter(move |(_, step)| self.leads_to(*step, folder)).map(|(from, _)| *from)
    }

    fn leads_to(&self, step: usize, to: &str) -> bool {
        match self.steps.get(step).map(|step| &step.kind) {
            Some(Kind::Build(_, target)) => target.folder == to,
            Some(Kind::Pattern(_, targets)) => targets.contains_key(to),
            None => false,
        }
    }

    /// Where the documents of a step's build are written, those of all Kustomizations among them.
    pub(super) fn documents(&self, step: usize) -> impl Iterator<Item = &Span> {
        let build = match self.steps.get(step).map(|step| &step.kind) {
            Some(Kind::Build(build, _)) => build.as_ref(),
            _ => None,
        };
        build.into_iter().flat_map(|build| &build.documents)
    }
}
