//! A root: a folder that a cluster syncs because of something outside the tree of Kustomizations, and what says so.

use std::sync::Arc;

use crate::flux::api::Kustomization;
use crate::flux::build::clean_path;
use crate::flux::instance::SyncObjects;
use crate::flux::release::FluxVersion;
use crate::object::Object;
use crate::source::path::join;
use crate::yaml::Span;

/// What a root rests on, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::fleet) enum Strength {
    /// A FluxInstance with a sync.
    Instance,
    /// `gotk-sync.yaml`: `flux bootstrap` installed Flux.
    Bootstrap,
    /// A HelmRelease of chart `flux-instance`.
    HelmRelease,
    /// Values of chart `flux-instance` in another file.
    Values,
    /// The configuration or the command line.
    Configured,
    /// A folder whose build holds the Kustomization that syncs it.
    SelfSync,
    /// A folder that someone applies once, by hand.
    Kit,
    /// A Kustomization in the folder that it syncs and that no build yields.
    Unbuilt,
    /// The structure of the repository.
    Assumed,
}

/// A place in the repository that says where a cluster begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    pub place: Span,
    /// What is there: `gotk-sync.yaml`, `FluxInstance flux`, `Kustomization flux-system/apps`.
    pub what: String,
}

/// Something that a cluster starts from.
#[derive(Clone, Debug)]
pub(in crate::fleet) struct Root {
    /// The folder that is synced, relative to the fleet repository.
    pub path: String,
    /// The folder from which the paths of Kustomizations count: empty, or a folder that is pushed on its own.
    pub base: String,
    /// Objects that are on the cluster before anything is applied; the root Kustomization is the last one.
    pub seeds: Vec<Arc<Object>>,
    pub strength: Strength,
    pub evidence: Vec<Evidence>,
    /// The folder of `gotk-sync.yaml`, where bootstrap keeps the controllers and the patches over them.
    pub flux_folder: Option<String>,
    /// What the root applies besides its files is not known: variables, patches, a service account.
    pub is_open: bool,
    /// The release of Flux that the evidence itself names.
    pub flux: Option<FluxVersion>,
}

impl Root {
    /// The Kustomizations among the seeds that sync the folder.
    pub(in crate::fleet) fn kustomizations(&self) -> impl Iterator<Item = &Arc<Object>> {
        self.seeds.iter().filter(|seed| {
            let path = Kustomization::of(seed).and_then(|it| it.object.str("/spec/path").or(Some("")));
            path.is_some_and(|path| join(&self.base, &clean_path(path)) == self.path)
        })
    }

    /// `flux bootstrap` installed Flux.
    pub(in crate::fleet) fn is_bootstrapped(&self) -> bool {
        self.strength == Strength::Bootstrap
    }

    /// Whether what installs Flux itself says where the cluster begins.
    pub(super) fn is_of_installation(&self) -> bool {
        self.strength <= Strength::Values
    }
}

/// What an instance syncs.
pub(super) struct Sync {
    /// The file that says so.
    pub file: String,
    /// The object that holds the sync, where it is an object.
    pub instance: Option<Arc<Object>>,
    pub made: SyncObjects,
    pub strength: Strength,
    pub evidence: Evidence,
    pub flux: Option<FluxVersion>,
}
