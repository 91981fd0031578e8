//! One graph of all clusters: what is applied where, by whom, from which source, as which identity.
//!
//! [`build`] makes it, [`facets`], [`existence`] and [`schema`] answer the questions that rules ask.

mod applied;
mod apply_order;
mod beyond;
mod build;
mod builds;
mod chart;
mod cluster;
mod cluster_object;
mod components;
mod discover;
mod discovery;
pub mod existence;
mod externals;
pub mod facets;
mod find;
mod git_parts;
mod identities;
mod installed;
mod installers;
mod inventory;
mod lockdown;
mod manifests;
mod namespaced;
mod note;
mod notes;
mod objects;
mod order_outline;
mod outline;
mod owner;
mod pasted;
mod problems;
mod profile;
mod reconcile;
mod reconciled_cluster;
mod reconciler;
mod reconciliation;
mod render;
mod rendered;
mod revision_reuse;
mod revisions;
mod roles;
pub mod schema;
mod secret_producers;
mod source_id;
mod source_request;
mod source_resolver;
mod sources;
mod tenant_label;
mod undecided;
mod undetermined;
mod unknown_reason;
mod unseen;
mod variable_table;
mod version;

pub use applied::Applied;
pub use apply_order::apply_order;
pub use beyond::Beyond;
pub use build::{Input, build, declares_cluster};
pub use cluster_object::{AppliedBy, ClusterObject};
pub use discover::{Evidence, Question, Status, Unapplied};
pub use discovery::{Blocked, Discovery, FoundRoots};
pub use lockdown::{Lockdown, Setting};
pub use note::{FleetNote, NoteReason};
pub use objects::Objects;
pub use order_outline::{ClusterOrder, FleetOrder, OrderedReconciler};
pub use outline::{ClusterOutline, FleetGraph, ReconcilerOutline, SourceOutline};
pub use owner::Owner;
pub use pasted::pasted;
pub use profile::Profile;
pub use reconciler::{
    Identity, OpenReason, Outcome, Reconciler, ReconcilerId, ReconcilerKind, SourceState, UnknownCause, UnknownValues,
};
pub use source_id::SourceId;
pub use tenant_label::{TENANT_LABEL, tenant_label};
pub use undetermined::Undetermined;
pub use unknown_reason::{OpenArtifact, UnknownReason};
pub use unseen::{Bounds, Contents, Remote, Unseen};
pub use variable_table::{Spread, UseKey, UseState, ValueKey, ValueRank, VariableRow, VariableTable};
pub use version::FluxVersion;

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use smol_str::SmolStr;

use crate::config::RuleOptions;
use crate::flux::release::Features;
use crate::object::Object;
use crate::problem::Problem;
use crate::source::Tree;

/// Everything that a run knows about a fleet.
#[derive(Debug)]
pub struct Fleet {
    /// Sorted by their paths.
    pub clusters: Vec<Cluster>,
    pub profile: Profile,
    /// What builds and substitutions could not do, once for each cluster and Kustomization that runs into it.
    pub problems: Vec<FleetProblem>,
    /// What the configuration says about the fleet and is not so.
    pub misconfigured: Vec<Problem>,
    /// Objects that would install Flux if their kind and API version were right; no cluster applies them.
    pub misnamed_installers: Vec<Arc<Object>>,
    /// What could not be judged, each reason once.
    pub notes: Vec<FleetNote>,
    /// The working tree of the fleet repository.
    pub tree: Arc<Tree>,
    /// What could not be judged, object by object.
    pub undetermined: Vec<Undetermined>,
    /// How the clusters were found.
    pub discovery: Discovery,
    /// The options of rules that the configuration sets.
    pub options: RuleOptions,
    /// The schemas that somebody gives, for the kinds that clusters hold.
    schemas: schema::GivenSchemas,
    /// What [`Fleet::judged`] says, made when it is first asked.
    judged: OnceLock<Vec<schema::Judged>>,
}

/// A cluster of the fleet.
#[derive(Debug)]
pub struct Cluster {
    /// What its paths do not share with those of the other clusters.
    pub name: String,
    /// The folders that the cluster's roots sync, relative to the fleet repository, without `./`, sorted.
    pub paths: Vec<String>,
    /// Everything on the cluster, in the order of the reconcilers; an object that two reconcilers apply is here twice.
    pub objects: Objects,
    /// Everything that reconciles, parents before children.
    pub reconcilers: Vec<Reconciler>,
    /// The namespace of Flux.
    pub flux_namespace: SmolStr,
    pub lockdown: Lockdown,
    /// What the Flux of the cluster does, by its release and its feature gates.
    pub features: Features,
    /// `flux bootstrap` installed Flux (gotk-sync), not the Flux Operator.
    pub is_bootstrapped: bool,
    /// What it may hold beside what its roots apply.
    pub beyond: Beyond,
    /// What its facets look up.
    facets: facets::Indexes,
    /// What decides about objects that it does not hold.
    existence: OnceLock<existence::ExistenceIndex>,
}

/// A problem of a stage and how the fleet comes to it.
#[derive(Clone, Debug)]
pub struct FleetProblem {
    pub problem: Problem,
    /// The names of the clusters that run into it.
    pub clusters: BTreeSet<String>,
    /// The Kustomization whose build runs into it.
    pub object: Option<Arc<Object>>,
    /// The variable that is not defined, where that is the problem.
    pub undefined: Option<SmolStr>,
}
