//! Typed views of Flux and Flux Operator objects: they name the fields, the tree keeps the origins.

mod fleet_objects;
mod git_repository;
mod helm_release;
mod kustomization;
mod reference;

pub use fleet_objects::{FluxInstance, ResourceSet};
pub use git_repository::{Include, includes_of, recurses_submodules, sparse_folders};
pub use helm_release::HelmRelease;
pub use kustomization::{Kustomization, SubstituteFrom};
pub use reference::{Reference, depends_on, source_reference};

/// API groups of Flux and the Flux Operator.
pub mod group {
    /// Kustomization.
    pub const KUSTOMIZE: &str = "kustomize.toolkit.fluxcd.io";
    /// GitRepository, OCIRepository, HelmRepository, HelmChart, Bucket, ExternalArtifact.
    pub const SOURCE: &str = "source.toolkit.fluxcd.io";
    /// HelmRelease.
    pub const HELM: &str = "helm.toolkit.fluxcd.io";
    /// ImageRepository, ImagePolicy, ImageUpdateAutomation.
    pub const IMAGE: &str = "image.toolkit.fluxcd.io";
    /// Alert, Provider, Receiver.
    pub const NOTIFICATION: &str = "notification.toolkit.fluxcd.io";
    /// ArtifactGenerator.
    pub const SOURCE_EXTENSIONS: &str = "source.extensions.fluxcd.io";
    /// FluxInstance, FluxReport, ResourceSet, ResourceSetInputProvider.
    pub const OPERATOR: &str = "fluxcd.controlplane.io";
    /// Role, ClusterRole and their bindings.
    pub const RBAC: &str = "rbac.authorization.k8s.io";
}
