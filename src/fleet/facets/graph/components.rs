//! The controllers of Flux that a cluster installs, and which objects need which.

use std::collections::BTreeSet;

use super::Graph;
use crate::fleet::{AppliedBy, Reconciler, Unseen};
use crate::flux::api::group;
use crate::object::Object;
use crate::yaml::Node;

/// Controllers that objects need and that are not installed.
#[derive(Clone, Debug)]
pub struct MissingComponents<'a> {
    pub components: Vec<&'static str>,
    /// The first object that needs one of them.
    pub object: &'a Object,
    pub count: usize,
    pub instance: &'a Object,
    /// Who applies the first object.
    pub by: Option<&'a Reconciler>,
}

/// What the Flux Operator installs if nobody says anything else.
const DEFAULT: [&str; 4] = ["source-controller", "kustomize-controller", "helm-controller", "notification-controller"];

/// Which objects need which controllers: group, kind (`*` is any), controllers (domain-facts section 7).
const NEEDS: [(&str, &str, &[&str]); 7] = [
    (group::KUSTOMIZE, "*", &["kustomize-controller"]),
    (group::HELM, "*", &["helm-controller"]),
    (group::NOTIFICATION, "*", &["notification-controller"]),
    (group::IMAGE, "ImageUpdateAutomation", &["image-automation-controller", "image-reflector-controller"]),
    (group::IMAGE, "*", &["image-reflector-controller"]),
    (group::SOURCE, "ExternalArtifact", &["source-watcher"]),
    (group::SOURCE_EXTENSIONS, "*", &["source-watcher"]),
];

impl<'a> Graph<'a> {
    /// The controllers that a FluxInstance installs.
    pub fn components(self) -> Vec<&'a str> {
        let named = self.flux_instance().and_then(|instance| instance.at("/spec/components"));
        let named: Vec<&str> = named.map(Node::items).unwrap_or_default().iter().filter_map(Node::text).collect();
        if named.is_empty() { DEFAULT.to_vec() } else { named }
    }

    /// The controllers that objects need and that the FluxInstance does not install.
    pub fn missing_components(self) -> Option<MissingComponents<'a>> {
        let instance = self.flux_instance().filter(|instance| has_known_components(instance))?;
        let installed = self.components();
        let lacks = |object: &Object| {
            let all = needed(&object.id.group, &object.id.kind).iter().copied();
            all.filter(|component| !installed.contains(component)).collect::<Vec<_>>()
        };
        let objects = self.cluster.objects.of_kinds(|group, kind| !needed(group, kind).is_empty());
        let applied = objects.filter(|placed| matches!(placed.by, AppliedBy::Reconciler(_)));
        let needing: Vec<_> = applied.filter(|placed| !lacks(placed.object).is_empty()).collect();
        let components: BTreeSet<&'static str> = needing.iter().flat_map(|placed| lacks(placed.object)).collect();
        let first = *needing.first()?;
        let (object, by) = (first.object, self.cluster.applied_by(first));
        Some(MissingComponents {
            components: components.into_iter().collect(),
            object,
            count: needing.len(),
            instance,
            by,
        })
    }

    /// The controllers that the FluxInstance installs beside the usual ones and that nothing on the cluster needs. None where
    /// not all of the cluster is known.
    pub fn unused_components(self) -> Vec<&'a str> {
        let is_open = self.cluster.reconcilers.iter().any(|it| {
            let is_chart = it.object.id.group == group::HELM;
            !is_chart && !it.is_remote && !matches!(it.unseen, Unseen::Nothing)
        });
        let optional = self.components().into_iter().filter(|name| !is_open && !DEFAULT.contains(name));
        let is_needed = |name: &str| {
            let mut needing = self.cluster.objects.of_kinds(|group, kind| needed(group, kind).contains(&name));
            needing.next().is_some()
        };
        optional.filter(|name| !is_needed(name)).collect()
    }
}

/// The controllers that objects of a kind need.
fn needed(group: &str, kind: &str) -> &'static [&'static str] {
    let found = NEEDS.iter().find(|(of, known, _)| *of == group && (*known == kind || *known == "*"));
    found.map(|(_, _, components)| *components).unwrap_or_default()
}

/// Whether all names of controllers are known: none holds a variable.
fn has_known_components(instance: &Object) -> bool {
    let names = instance.at("/spec/components").map(Node::items).unwrap_or_default();
    names.iter().all(|name| name.text().is_some_and(|name| !name.contains("${")))
}
