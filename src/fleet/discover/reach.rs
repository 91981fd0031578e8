//! The tree of a root: every folder that its Kustomizations reach in this repository, on this cluster.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use super::landscape::{Landscape, Target};
use crate::object::Object;
use crate::yaml::Span;

/// What the tree of a root applies. Variables in paths stand for every folder that fits, so it may be more than that.
#[derive(Debug, Default)]
pub(super) struct Reach {
    /// Positions of steps in the web of the landscape.
    steps: HashSet<usize>,
}

impl Reach {
    /// The tree below some Kustomizations, each with its target.
    pub(super) fn below(land: &Landscape<'_>, starts: Vec<(Arc<Object>, Target)>) -> Self {
        let mut web = land.web();
        let mut reach = Self::default();
        let mut open: Vec<usize> =
            starts.into_iter().filter_map(|(object, target)| web.start(land, &object, &target)).collect();
        while let Some(at) = open.pop() {
            if reach.steps.insert(at) {
                open.extend(web.next(land, at));
            }
        }
        reach
    }

    /// Whether a Kustomization of the tree builds a folder, those that it starts with included.
    pub(super) fn builds(&self, land: &Landscape<'_>, folder: &str) -> bool {
        land.web().builds_of(folder).iter().any(|step| self.steps.contains(step))
    }

    /// Whether the tree applies a document as the Kustomization of a folder.
    pub(super) fn applies(&self, land: &Landscape<'_>, document: Span, folder: &str) -> bool {
        land.web().appliers_of(document, folder).any(|step| self.steps.contains(&step))
    }

    /// Where the documents of all applied objects are written.
    pub(super) fn documents(&self, land: &Landscape<'_>) -> BTreeSet<Span> {
        let web = land.web();
        self.steps.iter().flat_map(|step| web.documents(*step)).copied().collect()
    }
}
