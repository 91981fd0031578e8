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
    /// Where a person turns it on: the FluxInstance's `cluster`, or the `patches` over gotk-components.
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

impl Lockdown {
    /// Nothing is known.
    pub fn unknown() -> Self {
        Self {
            no_cross_namespace_refs: Setting::Unknown,
            no_remote_bases: Setting::Unknown,
            default_service_account: Setting::Unknown,
            root_service_account: Setting::Unknown,
            place: None,
        }
    }

    /// The lockdown as the configuration says it, with the default account of the Flux Operator.
    pub(super) fn configured(is_on: bool) -> Self {
        if !is_on {
            return Self {
                no_cross_namespace_refs: Setting::Off,
                no_remote_bases: Setting::Off,
                default_service_account: Setting::Off,
                root_service_account: Setting::Off,
                place: None,
            };
        }
        Self {
            no_cross_namespace_refs: Setting::On((), None),
            no_remote_bases: Setting::On((), None),
            default_service_account: Setting::On("default".into(), None),
            root_service_account: Setting::On("kustomize-controller".into(), None),
            place: None,
        }
    }

    /// The switches that are provably off, by what turns them on.
    pub fn missing(&self) -> Vec<&'static str> {
        let switches = [
            (self.no_cross_namespace_refs.is_off(), "--no-cross-namespace-refs=true"),
            (self.no_remote_bases.is_off(), "--no-remote-bases=true"),
            (self.default_service_account.is_off(), "--default-service-account"),
            (self.root_service_account.is_off(), "the service account of the root Kustomization"),
        ];
        switches.into_iter().filter(|(is_off, _)| *is_off).map(|(_, name)| name).collect()
    }
}
