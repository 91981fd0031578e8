//! From a source to everything on the cluster that decides which files it holds. What ArtifactGenerators make is followed
//! down to the sources that they copy from.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::cluster_object::ClusterObject;
use super::inventory::Inventory;
use super::render::has_expression;
use super::source_id::SourceId;
use super::source_request::{Generator, Producer, SourceRequest};
use super::undecided::is_undecided;
use super::unknown_reason::OpenArtifact;
use crate::flux::api::includes_of;
use crate::flux::artifact_generator::{Artifact, ArtifactGenerator};
use crate::object::Object;

/// The kind whose sources may include others.
const GIT_REPOSITORY: &str = "GitRepository";

/// The kind of what ArtifactGenerators make.
pub(super) const EXTERNAL_ARTIFACT: &str = "ExternalArtifact";

/// How many generators may be in a row.
const MAX_DEPTH: usize = 8;

/// How many sources one Kustomization may read through generators.
const MAX_SOURCES: usize = 256;

/// A source as a cluster has it at a moment.
pub(super) fn wanted(inventory: &Inventory, id: SourceId) -> SourceRequest {
    SourceResolver { inventory, above: Vec::new(), sources_left: MAX_SOURCES }.follow(id)
}

/// The artifacts on the way down to a source.
struct SourceResolver<'a> {
    inventory: &'a Inventory,
    above: Vec<SourceId>,
    sources_left: usize,
}

impl SourceResolver<'_> {
    fn follow(&mut self, id: SourceId) -> SourceRequest {
        let (kind, namespace, name) = &id;
        let placed = self.inventory.source(kind, namespace, name);
        let object = placed.map(|placed| Arc::clone(placed.shared));
        let is_open = placed.is_some_and(|placed| !placed.settled && is_undecided(placed.object));
        let maker = if placed.is_none() && kind == EXTERNAL_ARTIFACT { self.maker(&id) } else { None };
        let included = match &object {
            Some(object) if kind == GIT_REPOSITORY => self.included(&id, object),
            _ => Vec::new(),
        };
        SourceRequest { id, object, is_open, maker, included }
    }

    /// The repositories that one copies from. They are in its namespace.
    fn included(&mut self, id: &SourceId, object: &Object) -> Vec<SourceRequest> {
        let names = includes_of(object).map(|include| include.repository.to_owned());
        let ids: Vec<SourceId> = names.map(|name| (id.0.clone(), id.1.clone(), name.into())).collect();
        if ids.is_empty() {
            return Vec::new();
        }
        self.above.push(id.clone());
        let followed = ids.into_iter().map(|id| match self.reason_to_stop(&id) {
            Some(reason) => {
                let maker = Some(Producer::Unknown(reason));
                SourceRequest { id, object: None, is_open: false, maker, included: Vec::new() }
            }
            None => self.follow(id),
        });
        let followed = followed.collect();
        self.above.pop();
        followed
    }

    /// Why a source is not followed that others are put together from.
    fn reason_to_stop(&mut self, id: &SourceId) -> Option<OpenArtifact> {
        if self.above.contains(id) {
            return Some(OpenArtifact::OfItself);
        }
        if self.above.len() >= MAX_DEPTH {
            return Some(OpenArtifact::TooManyLevels);
        }
        match self.sources_left.checked_sub(1) {
            Some(left) => self.sources_left = left,
            None => return Some(OpenArtifact::TooManySources),
        }
        None
    }

    fn maker(&mut self, id: &SourceId) -> Option<Producer> {
        let (_, namespace, name) = id;
        let generators = self.inventory.generators(namespace);
        let makes = |placed: &&ClusterObject<'_>| candidates(placed.object, name).next().is_some();
        let making: Vec<ClusterObject<'_>> = generators.iter().filter(makes).copied().collect();
        if making.is_empty() {
            let open = generators.into_iter().find(|it| has_expression(&it.object.root))?;
            return Some(Producer::Unknown(OpenArtifact::OpenName(open.object.id.clone())));
        }
        if let Some(reason) = making.iter().find_map(|placed| unusable(*placed)) {
            return Some(Producer::Unknown(reason));
        }
        if self.above.contains(id) {
            return Some(Producer::Unknown(OpenArtifact::OfItself));
        }
        if self.above.len() >= MAX_DEPTH {
            return Some(Producer::Unknown(OpenArtifact::TooManyLevels));
        }
        self.above.push(id.clone());
        let made: Option<Vec<Generator>> = making.iter().map(|placed| self.generator(placed.shared, name)).collect();
        self.above.pop();
        Some(match made {
            Some(made) => Producer::Generators(made),
            None => Producer::Unknown(OpenArtifact::TooManySources),
        })
    }

    /// A generator with the sources that its artifact copies from; `None` where they are too many.
    fn generator(&mut self, object: &Arc<Object>, name: &str) -> Option<Generator> {
        let view = ArtifactGenerator::of(object)?;
        // What is wrong with the copies is said when they are made.
        let copies = view.candidates(name).flat_map(|artifact| artifact.copies().unwrap_or_default());
        let aliases: BTreeSet<&str> = copies.map(|copy| copy.alias).chain(view.pattern_alias()).collect();
        let mut sources = Vec::new();
        for alias in aliases {
            let Some(reference) = view.source(alias) else { continue };
            self.sources_left = self.sources_left.checked_sub(1)?;
            let id = (reference.kind().into(), reference.namespace_or(&object.id.namespace), reference.name().into());
            sources.push((alias.into(), self.follow(id)));
        }
        Some(Generator { object: Arc::clone(object), sources })
    }
}

fn candidates<'a>(generator: &'a Object, name: &str) -> impl Iterator<Item = Artifact<'a>> {
    ArtifactGenerator::of(generator)
        .into_iter()
        .flat_map(move |generator| generator.candidates(name).collect::<Vec<_>>())
}

/// Why it is not known what a generator makes.
fn unusable(placed: ClusterObject<'_>) -> Option<OpenArtifact> {
    let object = &placed.object;
    if !placed.settled && has_expression(&object.root) {
        return Some(OpenArtifact::OpenGenerator(object.id.clone()));
    }
    let is_disabled = ArtifactGenerator::of(object).is_some_and(ArtifactGenerator::is_disabled);
    is_disabled.then(|| OpenArtifact::Disabled(object.id.clone()))
}
