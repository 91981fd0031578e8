//! Makes the graph: roots, clusters, profile.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;
use smol_str::SmolStr;

use super::applier::{Applier, ApplierKind, Identity};
use super::discover::{self, Root};
use super::externals;
use super::inventory::Inventory;
use super::manifests;
use super::notes::{not_followed, notes};
use super::problems::problems;
use super::reconcile::{Results, Seeds, Surroundings, reconcile};
use super::render::Builds;
use super::sources::{ClusterSources, source_id, url_and_reference};
use super::version::FluxVersion;
use super::{Cluster, Fleet, Lockdown, Profile, Setting};
use crate::config::Config;
use crate::credentials::Token;
use crate::flux::api::{FluxInstance, Kustomization, group};
use crate::flux::build::clean_path;
use crate::kustomize::Reader;
use crate::object::Object;
use crate::source::{Sources, Tree};
use crate::yaml::{Documents, Entry, Node, Origin, Span};

/// What a fleet is made from.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The fleet repository.
    pub tree: &'a Arc<Tree>,
    pub sources: &'a Sources,
    pub documents: &'a Documents,
    pub config: &'a Config,
}

/// A cluster at its fix-point.
pub(super) struct Settled<'a> {
    pub(super) roots: &'a [Root],
    pub(super) cluster: Cluster,
    /// It came to rest.
    pub(super) is_stable: bool,
    seeds: Seeds,
    results: Results,
}

/// The graph of all clusters of a fleet repository. Never fails: what went wrong is in the graph.
pub fn build(input: Input<'_>) -> Fleet {
    let builds = Builds::new(input.documents);
    let manifests = manifests::read(input.tree, input.documents);
    let artifact = input.tree.artifact(None);
    let reader = Reader { tree: input.tree, documents: input.documents };
    let roots = discover::roots(&manifests, reader, &|object| documents_of(&builds, object, &artifact));
    let by_path: Vec<&[Root]> = roots.chunk_by(|a, b| a.path == b.path).collect();
    let names = cluster_names(&by_path, &input.tree.repository);
    let mut settled: Vec<Settled<'_>> =
        by_path.par_iter().zip(names).map(|(roots, name)| settle(input, &builds, roots, name)).collect();
    let clusters: Vec<&Cluster> = settled.iter().map(|settled| &settled.cluster).collect();
    let profile = Profile::of(&clusters, input.config);
    let misconfigured = externals::lost_clusters(&input.config.externals, &clusters);
    declare_tokens(&mut settled, &profile.tokens);
    let mut notes = notes(&settled);
    notes.extend(not_followed(&manifests, settled.is_empty()));
    let clusters = settled.into_iter().map(|settled| settled.cluster).collect();
    let tree = Arc::clone(input.tree);
    let mut fleet = Fleet { clusters, profile, problems: Vec::new(), misconfigured, notes, tree };
    fleet.problems = problems(&fleet);
    fleet
}

/// The documents that the build of a Kustomization yields from the fleet repository, by the places of their roots.
fn documents_of(builds: &Builds<'_>, kustomization: &Object, tree: &Arc<Tree>) -> BTreeSet<Span> {
    let built = builds.get(kustomization, tree);
    // A whole repository that does not build as one is not synced as one: the path belongs to another repository.
    let is_whole = clean_path(kustomization.str("/spec/path").unwrap_or_default()).is_empty();
    if is_whole && built.is_refused() {
        return BTreeSet::new();
    }
    built.resources().iter().filter_map(|node| node.origin.span).collect()
}

/// The shortest endings of the paths that tell the clusters apart; the repository's name for the root folder.
fn cluster_names(clusters: &[&[Root]], repository: &str) -> Vec<String> {
    let paths: Vec<&str> = clusters.iter().filter_map(|roots| Some(roots.first()?.path.as_str())).collect();
    let ending = |path: &str, length: usize| {
        let segments: Vec<&str> = path.split('/').collect();
        segments[segments.len().saturating_sub(length)..].join("/")
    };
    let name = |path: &&str| {
        if path.is_empty() {
            return repository.to_owned();
        }
        let lengths = 1..=path.split('/').count();
        let mut endings = lengths.map(|length| (length, ending(path, length)));
        let is_unique = |(length, name): &(usize, String)| {
            paths.iter().filter(|other| ending(other, *length) == *name).count() == 1
        };
        endings.find(is_unique).map_or_else(|| (*path).to_owned(), |(_, name)| name)
    };
    paths.iter().map(name).collect()
}

fn settle<'a>(input: Input<'_>, builds: &Builds<'_>, roots: &'a [Root], name: String) -> Settled<'a> {
    let first = roots.first();
    let base = first.map(|root| root.base.as_str()).unwrap_or_default();
    let path = first.map(|root| root.path.clone()).unwrap_or_default();
    let seeds = Seeds {
        bootstrap: roots.iter().flat_map(|root| root.seeds.iter().cloned()).collect(),
        declared: Vec::new(),
        externals: externals::of_cluster(&input.config.externals, &name, &path),
    };
    let version = FluxVersion::of_roots(roots, input.tree, input.documents);
    let around = Surroundings {
        builds,
        sources: cluster_sources((input.sources, input.documents), &input.tree.below(base), &seeds.bootstrap),
        strict: version.map(FluxVersion::is_strict),
    };
    let (inventory, results, is_stable) = reconcile(&around, &seeds);
    let mut cluster = Cluster {
        name,
        path,
        objects: Vec::new(),
        appliers: Vec::new(),
        flux_namespace: flux_namespace(roots),
        lockdown: Lockdown::unknown(),
        flux_version: version,
        is_bootstrapped: roots.iter().any(|root| root.is_bootstrapped),
        by_id: Default::default(),
    };
    cluster.fill(inventory);
    cluster.lockdown = Lockdown::of(&cluster, roots, Reader { tree: input.tree, documents: input.documents });
    cluster.identify();
    Settled { roots, cluster, is_stable, seeds, results }
}

fn cluster_sources<'a>(
    (sources, documents): (&'a Sources, &'a Documents),
    fleet: &Arc<Tree>,
    seeds: &[Arc<Object>],
) -> ClusterSources<'a> {
    let kustomizations = seeds.iter().filter_map(|object| Kustomization::of(object));
    let roots: BTreeSet<_> = kustomizations.filter_map(source_id).collect();
    let is_root = |object: &Object| {
        roots.iter().any(|(kind, namespace, name)| {
            object.id.kind == *kind && object.id.namespace == *namespace && object.id.name == *name
        })
    };
    let objects = seeds.iter().filter(|object| object.id.group == group::SOURCE && is_root(object));
    let fleet_urls = objects.filter_map(|object| url_and_reference(object)).collect();
    ClusterSources { sources, documents, fleet: Arc::clone(fleet), roots, fleet_urls }
}

/// The namespace of Flux: that of the FluxInstance or of what bootstrap made. Other roots may lie anywhere.
fn flux_namespace(roots: &[Root]) -> SmolStr {
    let tells = |root: &&Root| root.is_bootstrapped || root.seeds.iter().any(|seed| FluxInstance::of(seed).is_some());
    let root = roots.iter().find(tells).and_then(|root| root.seeds.last());
    root.map_or_else(|| "flux-system".into(), |kustomization| kustomization.id.namespace.clone())
}

impl Cluster {
    fn fill(&mut self, inventory: Inventory) {
        self.objects = inventory.objects;
        self.appliers = inventory.appliers;
        self.by_id = inventory.by_id;
    }

    /// As whom each applier applies (domain-facts section 1).
    fn identify(&mut self) {
        let identities: Vec<Identity> = self.appliers.iter().map(|applier| self.identity(applier)).collect();
        self.appliers.iter_mut().zip(identities).for_each(|(applier, identity)| applier.identity = identity);
    }

    fn identity(&self, applier: &Applier) -> Identity {
        let name = applier.object.str("/spec/serviceAccountName").filter(|name| !name.is_empty());
        match (name, applier.kind, &self.lockdown.default_service_account) {
            (_, ApplierKind::FluxInstance, _) => Identity::Controller,
            (Some(name), _, _) => Identity::Named(name.into()),
            // The lockdown of Flux does not reach ResourceSets; the operator has a switch of its own.
            (None, ApplierKind::ResourceSet, _) => Identity::Unknown,
            (None, _, Setting::On(name, _)) => Identity::Default(name.clone()),
            (None, _, Setting::Off) => Identity::Controller,
            (None, _, Setting::Unknown) => Identity::Unknown,
        }
    }
}

/// Puts the Secrets of declared tokens on each cluster, so that policies can copy them.
fn declare_tokens(settled: &mut [Settled<'_>], tokens: &[Token]) {
    let secrets: Vec<Arc<Object>> = tokens.iter().flat_map(secrets_of).collect();
    if secrets.is_empty() {
        return;
    }
    settled.par_iter_mut().for_each(|settled| {
        settled.seeds.declared.clone_from(&secrets);
        let inventory = Inventory::collect(&settled.seeds, &settled.results);
        settled.cluster.fill(inventory);
        settled.cluster.identify();
    });
}

/// The Secrets that hold a token. They have no origin but the token's declaration: no repository stores them.
fn secrets_of(token: &Token) -> Vec<Arc<Object>> {
    let origin = token.place.map(Origin::at).unwrap_or_default();
    let text = |value: &str| Node::string(value, origin.clone());
    let entry = |key: &str, value: Node| Entry { key: text(key), value };
    let labels: Vec<Entry> = token.labels.iter().map(|(key, value)| entry(key, text(value))).collect();
    let secret = |(namespace, name): &(SmolStr, SmolStr)| {
        let metadata = vec![
            entry("name", text(name)),
            entry("namespace", text(namespace)),
            entry("labels", Node::mapping(labels.clone(), origin.clone())),
        ];
        let root = vec![
            entry("apiVersion", text("v1")),
            entry("kind", text("Secret")),
            entry("metadata", Node::mapping(metadata, origin.clone())),
        ];
        Object::new(Node::mapping(root, origin.clone())).map(Arc::new)
    };
    token.secrets.iter().filter_map(secret).collect()
}
