//! `helm.toolkit.fluxcd.io` HelmRelease.

use super::group;
use crate::object::Object;

/// A HelmRelease.
#[derive(Clone, Copy, Debug)]
pub struct HelmRelease<'a> {
    /// The object itself.
    pub object: &'a Object,
}

impl<'a> HelmRelease<'a> {
    /// The view of an object that is a HelmRelease.
    pub fn of(object: &'a Object) -> Option<Self> {
        object.is(group::HELM, "HelmRelease").then_some(Self { object })
    }

    /// The namespace its objects go to by default.
    pub fn target_namespace(self) -> &'a str {
        self.object.str("/spec/targetNamespace").unwrap_or(&self.object.id.namespace)
    }

    /// The Helm release's name: `releaseName`, or the default that helm-controller makes of target namespace and name.
    pub fn release_name(self) -> String {
        match (self.object.str("/spec/releaseName"), self.object.str("/spec/targetNamespace")) {
            (Some(name), _) => name.to_owned(),
            (None, Some(namespace)) => format!("{namespace}-{}", self.object.id.name),
            (None, None) => self.object.id.name.to_string(),
        }
    }

    /// The chart's name where `chart.spec.chart` gives it.
    pub fn chart(self) -> Option<&'a str> {
        self.object.str("/spec/chart/spec/chart")
    }
}
