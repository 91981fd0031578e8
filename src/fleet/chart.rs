//! The chart of a HelmRelease, as far as it is known without rendering it.

/// What a release says about what its chart creates, read once for each cluster.
#[derive(Debug)]
pub(super) struct Chart {
    pub name: String,
    /// What Helm calls the release.
    pub release_name: String,
    /// The target namespace.
    pub target: String,
    /// All texts of its values, a line each.
    pub texts: String,
    /// Its name, or its values, say that it creates objects of Flux.
    pub brings_flux: bool,
}

impl Chart {
    /// Whether its name says that it installs Flux, or is not known.
    pub(super) fn is_of_flux(&self) -> bool {
        self.name.contains("flux") || self.name.contains('$')
    }
}
