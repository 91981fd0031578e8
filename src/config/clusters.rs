//! `clusters`, `discover`, `unapplied` and `flux`: where clusters begin, for fleets in which this cannot be found
//! (discovery section 11). Only what the file itself shows is checked here; that folders exist is a question to the tree.

mod pattern;
mod read;
mod root;
mod unique;

use smol_str::SmolStr;

use crate::flux::release::FluxVersion;
use crate::yaml::{Entry, Span};

pub use pattern::PathPattern;

/// An entry of `clusters`: a cluster, or a pattern of the folders that are one each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConfiguredCluster {
    /// `None` where the path names it.
    pub name: Option<SmolStr>,
    /// In the order in which they are applied; one for `path`. Empty only with `discover`, for an entry that adds its keys
    /// to the cluster of its name.
    pub roots: Vec<ConfiguredRoot>,
    /// The path of the only root is a pattern ([`PathPattern`]): one cluster per folder that it matches.
    pub is_pattern: bool,
    /// The folder that paths of Kustomizations count from; `""` is the root of the repository.
    pub base: Option<(SmolStr, Option<Span>)>,
    /// The source that the roots read.
    pub source: Option<ConfiguredRootSource>,
    pub flux: Option<ConfiguredFlux>,
    /// The cluster is locked down, or is not.
    pub multitenant: Option<bool>,
    /// The name, else the path or the first key.
    pub place: Option<Span>,
}

/// A folder that a cluster syncs, with what is known of the Kustomization that does.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConfiguredRoot {
    /// Relative to the repository, without `./` and `..`; `""` is its root.
    pub path: SmolStr,
    pub path_place: Option<Span>,
    pub name: Option<SmolStr>,
    pub namespace: Option<SmolStr>,
    /// Names of other roots, or `namespace/name`, each with its place.
    pub depends_on: Vec<(SmolStr, Option<Span>)>,
    /// Variables of its `postBuild` with their values, as they are written.
    pub substitute: Vec<Entry>,
    /// Kind (`ConfigMap`, `Secret`) and name of what it substitutes from, with the place of the name.
    pub substitute_from: Vec<(SmolStr, (SmolStr, Option<Span>))>,
    pub service_account_name: Option<(SmolStr, Option<Span>)>,
}

/// The source object that the roots of a cluster read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfiguredRootSource {
    /// `GitRepository` where the file does not say it.
    pub kind: SmolStr,
    /// `flux-system` where the file does not say it.
    pub namespace: SmolStr,
    /// `flux-system` where the file does not say it.
    pub name: SmolStr,
    pub url: Option<SmolStr>,
    pub branch: Option<SmolStr>,
    pub place: Option<Span>,
}

/// `flux`: the releases of Flux that a cluster may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConfiguredFlux {
    pub version: FluxVersion,
    pub place: Option<Span>,
}
