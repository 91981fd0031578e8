//! The tree of a root: every folder that its Kustomizations reach in this repository, on this cluster.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::landscape::Landscape;
use super::source_facts::SourceFacts;
use super::steps::Steps;
use super::target::Target;
use crate::object::Object;
use crate::yaml::Span;

/// What the tree of a root applies. Variables in paths stand for every folder that fits, so it may be more than that.
#[derive(Debug, Default)]
pub(super) struct Reach {
    /// Positions in the web of the landscape.
    steps: Steps,
}

impl Reach {
    /// The tree below some Kustomizations, each with its target; `near` are the sources beside them.
    pub(super) fn below(
        land: &Landscape<'_>,
        starts: impl IntoIterator<Item = (Arc<Object>, Target)>,
        near: &SourceFacts,
    ) -> Self {
        let (mut web, mut reach) = (land.web(), Self::default());
        for (object, target) in starts {
            let start = web.start(land, &object, target, near);
            start.into_iter().for_each(|start| reach.steps.add(&web.reached(land, start)));
        }
        reach
    }

    /// Whether a Kustomization of the tree builds a folder, those that it starts with included.
    pub(super) fn builds(&self, land: &Landscape<'_>, folder: &str) -> bool {
        land.web().builds_of(folder).iter().any(|step| self.steps.contains(*step))
    }

    /// Whether the tree applies a document as the Kustomization of a folder.
    pub(super) fn applies(&self, land: &Landscape<'_>, document: Span, folder: &str) -> bool {
        land.web().reconcilers_of(document, folder).any(|step| self.steps.contains(step))
    }

    /// Where the documents of all applied Kustomizations are written, and those of what is built beside them.
    pub(super) fn documents(&self, land: &Landscape<'_>) -> BTreeSet<Span> {
        let web = land.web();
        self.steps.iter().flat_map(|step| web.documents(step)).copied().collect()
    }
}
