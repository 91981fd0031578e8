//! Multi-tenancy lockdown: what the Flux controllers of a cluster forbid (domain-facts section 1).

use smol_str::SmolStr;

use crate::yaml::Span;

/// One switch of the lockdown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting<T> {
    /// It is set, here.
    On(T, Option<Span>),
    /// It is provably not set.
    Off,
    /// The repository does not show how Flux is installed.
    Unknown,
}

/// The four switches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lockdown {
    /// `--no-cross-namespace-refs` on all controllers that know it.
    pub no_cross_namespace_refs: Setting<()>,
    /// `--no-remote-bases` on kustomize-controller.
    pub no_remote_bases: Setting<()>,
    /// `--default-service-account` on kustomize-controller and helm-controller.
    pub default_service_account: Setting<SmolStr>,
    /// The root Kustomization has a service account of its own.
    pub root_service_account: Setting<SmolStr>,
    /// Where a person would turn it on.
    pub place: Option<Span>,
}

impl<T> Setting<T> {
    /// Whether it is provably on.
    pub fn is_on(&self) -> bool {
        matches!(self, Self::On(..))
    }

    /// Whether it is provably off.
    pub fn is_off(&self) -> bool {
        matches!(self, Self::Off)
    }
}
