//! `fluxcd.controlplane.io`: FluxInstance and ResourceSet.

use super::group;
use crate::object::Object;
use fleetlint_yaml::Node;

/// A FluxInstance: Flux as the Flux Operator installs it.
#[derive(Clone, Copy, Debug)]
pub struct FluxInstance<'a> {
    /// The object itself.
    pub object: &'a Object,
}

impl<'a> FluxInstance<'a> {
    /// The view of an object that is a FluxInstance.
    pub fn of(object: &'a Object) -> Option<Self> {
        object.is(group::OPERATOR, "FluxInstance").then_some(Self { object })
    }

    /// `spec.sync`: what the cluster starts from.
    pub fn sync(self) -> Option<&'a Node> {
        self.object.at("/spec/sync").filter(|sync| sync.as_mapping().is_some())
    }

    /// `spec.cluster.multitenant` is true: the operator adds the whole lockdown.
    pub fn is_multitenant(self) -> bool {
        self.object.str("/spec/cluster/multitenant") == Some("true")
    }
}

/// A ResourceSet: objects from templates and inputs.
#[derive(Clone, Copy, Debug)]
pub struct ResourceSet<'a> {
    /// The object itself.
    pub object: &'a Object,
}

impl<'a> ResourceSet<'a> {
    /// The view of an object that is a ResourceSet.
    pub fn of(object: &'a Object) -> Option<Self> {
        object.is(group::OPERATOR, "ResourceSet").then_some(Self { object })
    }
}
