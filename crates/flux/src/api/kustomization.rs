//! `kustomize.toolkit.fluxcd.io` Kustomization.

use super::{Reference, group};
use crate::object::Object;
use fleetlint_yaml::Node;

/// A Flux Kustomization.
#[derive(Clone, Copy, Debug)]
pub struct Kustomization<'a> {
    /// The object itself.
    pub object: &'a Object,
}

/// An entry of `spec.postBuild.substituteFrom`.
#[derive(Clone, Copy, Debug)]
pub struct SubstituteFrom<'a> {
    /// `ConfigMap` or `Secret`.
    pub kind: &'a str,
    /// The name as written, with its place.
    pub name: &'a Node,
    /// A missing object is tolerated.
    pub optional: bool,
}

impl<'a> Kustomization<'a> {
    /// The view of an object that is a Flux Kustomization.
    pub fn of(object: &'a Object) -> Option<Self> {
        object.is(group::KUSTOMIZE, "Kustomization").then_some(Self { object })
    }

    /// `spec.path`; empty means the root of the artifact.
    pub fn path(self) -> Option<&'a Node> {
        self.object.at("/spec/path")
    }

    /// `spec.sourceRef`.
    pub fn source_ref(self) -> Option<Reference<'a>> {
        Reference::read(self.object.at("/spec/sourceRef")?)
    }

    /// `spec.postBuild.substituteFrom`, entries without a name left out.
    pub fn substitute_from(self) -> impl Iterator<Item = SubstituteFrom<'a>> {
        let entries = self.object.at("/spec/postBuild/substituteFrom").into_iter().flat_map(Node::items);
        entries.filter_map(|entry| {
            let name = entry.get("name").filter(|name| name.text().is_some())?;
            let kind = entry.get("kind").and_then(Node::text).unwrap_or_default();
            let optional = entry.get("optional").and_then(Node::text) == Some("true");
            Some(SubstituteFrom { kind, name, optional })
        })
    }

    /// The objects land on another cluster (`spec.kubeConfig`).
    pub fn is_remote(self) -> bool {
        self.object.at("/spec/kubeConfig").is_some()
    }
}
