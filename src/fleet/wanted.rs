//! A source, with everything on the cluster that decides which files it holds. What ArtifactGenerators make is followed
//! down to the sources that they copy from.

use std::collections::BTreeSet;
use std::sync::Arc;

use smol_str::SmolStr;

use super::inventory::Inventory;
use super::render::has_expression;
use super::sources::SourceId;
use crate::flux::artifact_generator::{Artifact, ArtifactGenerator};
use crate::object::Object;

/// The kind of what ArtifactGenerators make.
pub(super) const EXTERNAL_ARTIFACT: &str = "ExternalArtifact";

/// How many generators may stand in a row.
const MAX_DEPTH: usize = 8;

/// How many sources one Kustomization may read through generators.
const MAX_SOURCES: usize = 256;

/// A source and what the cluster holds of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Wanted {
    pub id: SourceId,
    /// The object that defines it.
    pub object: Option<Arc<Object>>,
    /// The object holds variables that are not known.
    pub is_open: bool,
    /// How it comes to be where no object defines it.
    pub maker: Option<Maker>,
}

/// What makes an ExternalArtifact.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Maker {
    /// An ArtifactGenerator, from these sources by their aliases.
    Generator { object: Arc<Object>, sources: Vec<(SmolStr, Wanted)> },
    /// One whose artifacts are not known, and why.
    Unknown(String),
}

impl Wanted {
    /// A source as a cluster has it at a moment.
    pub(super) fn of(inventory: &Inventory, id: SourceId) -> Self {
        Trail { inventory, above: Vec::new(), sources_left: MAX_SOURCES }.follow(id)
    }
}

/// The artifacts on the way down to a source.
struct Trail<'a> {
    inventory: &'a Inventory,
    above: Vec<SourceId>,
    sources_left: usize,
}

impl Trail<'_> {
    fn follow(&mut self, id: SourceId) -> Wanted {
        let (kind, namespace, name) = &id;
        let placed = self.inventory.source(kind, namespace, name);
        let object = placed.map(|placed| Arc::clone(&placed.object));
        let is_open = placed.is_some_and(|placed| !placed.settled && has_expression(&placed.object.root));
        let maker = if placed.is_none() && kind == EXTERNAL_ARTIFACT { self.maker(&id) } else { None };
        Wanted { id, object, is_open, maker }
    }

    fn maker(&mut self, id: &SourceId) -> Option<Maker> {
        let (_, namespace, name) = id;
        let generators = self.inventory.generators(namespace);
        let making = generators.iter().find(|placed| artifact_of(&placed.object, name).is_some());
        let Some(placed) = making else {
            let open = generators.into_iter().find(|it| has_open_names(&it.object))?;
            let reason = format!("{} may make it, with names that fleetlint does not know", open.object.id);
            return Some(unknown(id, &reason));
        };
        let (object, artifact) = (&placed.object, artifact_of(&placed.object, name)?);
        if !placed.settled && has_expression(&object.root) {
            return Some(unknown(id, &format!("{} makes it and holds variables that are not known", object.id)));
        }
        if artifact.generator.is_disabled() {
            return Some(unknown(id, &format!("{} makes it and is disabled", object.id)));
        }
        if self.above.contains(id) {
            return Some(unknown(id, "it is made from itself"));
        }
        if self.above.len() >= MAX_DEPTH {
            return Some(unknown(id, "it is made of what others make, deeper than fleetlint follows"));
        }
        self.above.push(id.clone());
        let sources = self.sources(artifact);
        self.above.pop();
        Some(match sources {
            Some(sources) => Maker::Generator { object: Arc::clone(object), sources },
            None => unknown(id, "it is made of more sources than fleetlint follows"),
        })
    }

    /// The sources that the artifact copies from; `None` where they are too many.
    fn sources(&mut self, artifact: Artifact<'_>) -> Option<Vec<(SmolStr, Wanted)>> {
        let own = &artifact.generator.object.id.namespace;
        // What is wrong with the copies is said when they are made.
        let aliases: BTreeSet<&str> = artifact.copies().unwrap_or_default().iter().map(|copy| copy.alias).collect();
        let mut sources = Vec::new();
        for alias in aliases {
            let Some(reference) = artifact.generator.source(alias) else { continue };
            self.sources_left = self.sources_left.checked_sub(1)?;
            let id = (reference.kind().into(), reference.namespace_or(own), reference.name().into());
            sources.push((alias.into(), self.follow(id)));
        }
        Some(sources)
    }
}

fn artifact_of<'a>(generator: &'a Object, name: &str) -> Option<Artifact<'a>> {
    ArtifactGenerator::of(generator)?.artifact(name)
}

/// Whether a generator takes the names of its artifacts from folders or variables.
fn has_open_names(generator: &Object) -> bool {
    ArtifactGenerator::of(generator).is_some_and(|it| it.path_pattern().is_some()) || has_expression(&generator.root)
}

fn unknown(id: &SourceId, reason: &str) -> Maker {
    let (kind, namespace, name) = id;
    Maker::Unknown(format!("the files of {kind} `{namespace}/{name}` are not known: {reason}"))
}
