//! What could not be judged, each reason once.

use std::collections::{BTreeMap, BTreeSet};

use super::build::Settled;
use super::manifests::Manifest;
use super::render::has_expression;
use super::{Applier, FleetNote, Outcome};
use crate::flux::api::FluxInstance;
use crate::object::{Object, ObjectId};
use crate::yaml::{Node, Span};

/// The reasons, with the clusters that it concerns.
pub(super) fn notes(settled: &[Settled<'_>]) -> Vec<FleetNote> {
    let mut notes = Notes::default();
    for settled in settled {
        let name = &settled.cluster.name;
        for applier in &settled.cluster.appliers {
            // What an object with open variables makes is a consequence: the note on its parent says why.
            let is_open = !settled.cluster.objects[applier.placed].settled && has_expression(&applier.object.root);
            let Some(reason) = undetermined(applier).filter(|_| !is_open) else { continue };
            let place = applier.object.place();
            match applier.source.as_ref().is_some_and(|source| source.tree.is_none()) {
                true => notes.add(format!("{reason}: what hangs below it was not checked"), None, place, name),
                false => notes.add(reason, Some(&applier.object), place, name),
            }
        }
        if settled.cluster.flux_version.is_none() {
            notes.add("the version of Flux is not known: the newest release is assumed".to_owned(), None, None, name);
        }
        if !settled.is_stable {
            let place = settled.roots.first().and_then(|root| root.seeds.last()?.place());
            let message = format!(
                "`{}` does not come to rest: its Kustomizations redefine each other, or bring ever more of themselves",
                settled.cluster.path
            );
            notes.add(message, None, place, name);
        }
    }
    notes.finish()
}

/// What makes a cluster but does not say which folder it reconciles; nothing at all, if there is no cluster.
pub(super) fn not_followed(manifests: &[Manifest], is_empty: bool) -> Vec<FleetNote> {
    let note = |message: String, place| FleetNote { message, place, count: 1, ..FleetNote::default() };
    let instances = manifests.iter().filter_map(|manifest| FluxInstance::of(&manifest.object));
    let without_sync = instances.filter(|instance| instance.sync().is_none_or(Node::is_null)).map(|instance| {
        let id = &instance.object.id;
        let message = format!(
            "FluxInstance `{}/{}` has no `spec.sync`: what is applied to its cluster was not checked",
            id.namespace, id.name
        );
        note(message, instance.object.place())
    });
    let mut notes: Vec<FleetNote> = without_sync.collect();
    if is_empty {
        let message = "no cluster was found and nothing was checked: there is no FluxInstance with a `sync`, no \
                       `gotk-sync.yaml` and no Flux Kustomization that reads a folder of this repository";
        notes.push(note(message.to_owned(), None));
    }
    notes
}

/// Notes by their reason, each with the appliers that it leaves open.
#[derive(Default)]
struct Notes {
    by_reason: BTreeMap<String, (FleetNote, BTreeSet<ObjectId>)>,
}

impl Notes {
    fn add(&mut self, reason: String, object: Option<&Object>, place: Option<Span>, cluster: &str) {
        let (note, objects) = self.by_reason.entry(reason).or_insert_with(|| {
            let note = FleetNote { place, ..FleetNote::default() };
            (note, BTreeSet::new())
        });
        note.clusters.insert(cluster.to_owned());
        note.count += 1;
        objects.extend(object.map(|object| object.id.clone()));
    }

    fn finish(self) -> Vec<FleetNote> {
        let note = |(reason, (note, objects)): (String, (FleetNote, BTreeSet<ObjectId>))| {
            let mut objects = objects.into_iter();
            let message = match (objects.next(), objects.count()) {
                (None, _) => reason,
                (Some(only), 0) => format!("{reason}: what {only} makes was not checked in full"),
                (Some(first), more) => {
                    format!("{reason}: what {first} and {more} more make was not checked in full")
                }
            };
            FleetNote { message, ..note }
        };
        self.by_reason.into_iter().map(note).collect()
    }
}

/// Why not everything that an applier makes is known, where that is worth a note.
fn undetermined(applier: &Applier) -> Option<String> {
    let source = applier.source.as_ref();
    let shown = source.map(|source| format!("{} `{}/{}`", source.kind, source.namespace, source.name));
    let shown = shown.unwrap_or_default();
    match &applier.outcome {
        Outcome::Undetermined(reason) => Some(reason.clone()),
        Outcome::SourceNotFound => Some(format!("nothing in the fleet defines source {shown}")),
        Outcome::ReferenceNotFound { .. } => Some(format!("the branch or tag of source {shown} does not exist")),
        Outcome::Rendered | Outcome::PathNotFound | Outcome::Failed | Outcome::Opaque => None,
    }
}
