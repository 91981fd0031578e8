//! The tree of a root: every folder that its Kustomizations reach in this repository, on this cluster.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::address::Reads;
use super::landscape::{Landscape, Target, span_of};
use crate::flux::api::Kustomization;
use crate::object::Object;
use crate::yaml::Span;

/// What the tree of a root applies. Variables in paths stand for every folder that fits, so it may be more than that.
#[derive(Debug, Default)]
pub(super) struct Reach {
    /// The folders that Kustomizations of the tree build, the root's own included.
    pub folders: BTreeSet<String>,
    /// Where the documents of all applied objects are written.
    pub documents: BTreeSet<Span>,
    /// The Kustomizations of the tree by document and folder.
    applied: BTreeSet<(Span, String)>,
}

impl Reach {
    /// The tree below some Kustomizations, each with its target.
    pub(super) fn below(land: &Landscape<'_>, starts: Vec<(Arc<Object>, Target)>) -> Self {
        let mut reach = Self::default();
        let mut open = starts;
        while let Some((object, target)) = open.pop() {
            let Some(kustomization) = Kustomization::of(&object) else { continue };
            let build = land.build_of(kustomization, &target);
            reach.folders.insert(target.folder);
            reach.documents.extend(build.documents.iter().copied());
            for child in build.objects.iter().filter(|it| Kustomization::of(it).is_some()) {
                open.extend(reach.take(land, child, &build, &target.base));
            }
        }
        reach
    }

    /// A Kustomization that is applied: the targets that are new.
    fn take(
        &mut self,
        land: &Landscape<'_>,
        child: &Arc<Object>,
        build: &super::landscape::FolderBuild,
        base: &str,
    ) -> Vec<(Arc<Object>, Target)> {
        let Some(kustomization) = Kustomization::of(child).filter(|it| !it.is_remote()) else { return Vec::new() };
        if land.reads(kustomization, build) == Reads::Other {
            return Vec::new();
        }
        let Some(span) = span_of(child) else { return Vec::new() };
        let targets = land.targets_from(kustomization, base).into_iter();
        let new = targets.filter(|target| self.applied.insert((span, target.folder.clone())));
        new.map(|target| (Arc::clone(child), target)).collect()
    }

    /// Whether the tree applies a document as the Kustomization of a folder.
    pub(super) fn applies(&self, document: Span, folder: &str) -> bool {
        self.applied.contains(&(document, folder.to_owned()))
    }
}
