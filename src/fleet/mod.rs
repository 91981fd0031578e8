//! One graph of all clusters: what is applied where, by whom, from which source, as which identity.
//!
//! [`build`] makes it, [`query`] answers the questions that rules ask.

mod applier;
mod build;
mod cluster;
mod discover;
mod lockdown;
mod manifests;
mod owner;
mod profile;
pub mod query;
mod render;
mod sources;
mod version;

pub use applier::{Applier, ApplierId, ApplierKind, Identity, Outcome, SourceState};
pub use build::{Input, build};
pub use cluster::{Cluster, Placed, PlacedBy};
pub use lockdown::{Lockdown, Setting};
pub use owner::Owner;
pub use profile::{Permission, Profile, ProfileKind, Token};
pub use version::FluxVersion;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::object::Object;
use crate::problem::Problem;
use crate::source::Tree;

/// Everything that a run knows about a fleet.
#[derive(Debug)]
pub struct Fleet {
    /// Sorted by path.
    pub clusters: Vec<Cluster>,
    pub profile: Profile,
    /// What stages could not do, each problem once.
    pub problems: Vec<FleetProblem>,
    /// Documents and files that were parsed, for the summary.
    pub files: usize,
    pub documents: usize,
    /// The working tree of the fleet repository.
    pub tree: Arc<Tree>,
}

/// A problem of a stage and how the fleet comes to it.
#[derive(Clone, Debug)]
pub struct FleetProblem {
    pub problem: Problem,
    /// The names of the clusters that run into it; empty for a file that no build reads.
    pub clusters: BTreeSet<String>,
    /// The Kustomization whose build runs into it.
    pub object: Option<Arc<Object>>,
}
