//! What a folder builds, as far as discovery needs it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::address::SourceFact;
use super::source_facts::SourceFacts;
use crate::fleet::builds::Built;
use crate::flux::api::{Kustomization, group};
use crate::object::Object;
use crate::yaml::Span;

/// What a build yields, as far as discovery needs it.
#[derive(Default)]
pub(super) struct FolderBuild {
    /// All objects, after patches and before substitution.
    pub objects: Vec<Arc<Object>>,
    /// The sources among them.
    pub sources: SourceFacts,
    /// Where the documents of all objects are written.
    pub documents: BTreeSet<Span>,
    /// Flux would refuse the folder.
    pub is_refused: bool,
}

impl FolderBuild {
    /// What a build makes.
    pub(super) fn of(built: &Built) -> Self {
        let documents = built.resources().iter().filter_map(|node| node.origin.span).collect();
        let objects = built.objects().cloned().collect();
        Self { documents, is_refused: built.is_refused(), ..Self::of_objects(objects) }
    }

    /// What files hold that no kustomization lists.
    pub(super) fn of_objects(objects: Vec<Arc<Object>>) -> Self {
        let sources = objects.iter().filter_map(|object| SourceFact::read(object)).collect();
        let documents = objects.iter().filter_map(|object| span_of(object)).collect();
        Self { objects, sources, documents, is_refused: false }
    }

    /// The Kustomizations among the objects.
    pub(super) fn kustomizations(&self) -> impl Iterator<Item = Kustomization<'_>> {
        self.objects.iter().filter_map(|object| Kustomization::of(object))
    }

    /// Whether it yields a document.
    pub(super) fn yields(&self, object: &Object) -> bool {
        span_of(object).is_some_and(|span| self.documents.contains(&span))
    }

    /// The objects of Flux and the Flux Operator.
    pub(super) fn flux_objects(&self) -> impl Iterator<Item = &Arc<Object>> {
        let groups = [group::KUSTOMIZE, group::SOURCE, group::HELM, group::OPERATOR];
        self.objects.iter().filter(move |object| groups.contains(&object.id.group.as_str()))
    }
}

/// Where the document of an object is written.
pub(super) fn span_of(object: &Object) -> Option<Span> {
    object.root.origin.span
}
