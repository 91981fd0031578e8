//! Makes the graph: roots, clusters, profile.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use smol_str::SmolStr;

use super::builds::Builds;
use super::components::{self, Components};
use super::discover::configured::is_unapplied;
use super::discover::left_over::{self, Applied, LeftOver};
use super::discover::{self, Addresses, Found, FoundCluster, Landscape, Root};
use super::discovery::{Blocked, Discovery};
use super::externals;
use super::facets::Indexes;
use super::installed::{gates, version};
use super::installers::Unread;
use super::inventory::Inventory;
use super::manifests::{self, Manifests};
use super::notes::{not_followed, notes};
use super::objects::Objects;
use super::problems::problems;
use super::reconcile::{ReconcileContext, reconcile};
use super::reconciled_cluster::ReconciledCluster;
use super::reconciler::{Identity, Reconciler, ReconcilerKind};
use super::reconciliation::Seeds;
use super::revisions::{self, RootTree};
use super::schema::GivenSchemas;
use super::sources::{ClusterSources, source_id};
use super::undetermined::{self, undetermined};
use super::{Beyond, Cluster, Fleet, Lockdown, Profile, Setting, Status};
use crate::config::{Config, PathPattern};
use crate::credentials::Token;
use crate::flux::api::{FluxInstance, Kustomization};
use crate::flux::release::Features;
use crate::kustomize::Reader;
use crate::object::Object;
use crate::source::path::join;
use crate::source::{Checkout, EntryKind, Files, Sources};
use crate::yaml::{Documents, Entry, Node, Origin, Span};

/// What a fleet is made from.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The fleet repository.
    pub checkout: &'a Checkout,
    pub sources: &'a Sources,
    pub documents: &'a Documents,
    pub config: &'a Config,
    /// The run is asked to look at some roots only (`--root`): what is left over is not its business.
    pub is_for_roots: bool,
}

/// The graph of all clusters of a fleet repository. Never fails: what went wrong is in the graph.
pub fn build(input: Input<'_>) -> Fleet {
    let builds = Builds::new(input.documents, input.sources.files());
    let tree = &input.checkout.tree;
    let manifests = manifests::read(tree, input.documents);
    let mut land = Landscape::read(tree, &builds, &manifests);
    let mut found = discover::clusters(&mut land, &input.checkout.remotes, input.config);
    drop_applied_kits(input, &builds, &land, &mut found);
    let (trees, revision_notes) = revisions::trees(&found.clusters, &land, input.checkout);
    if trees.iter().any(|root| root.tree.revision.is_some()) {
        builds.expect_revisions();
    }
    let with_trees = found.clusters.par_iter().zip(&trees);
    let mut settled: Vec<ReconciledCluster<'_>> =
        with_trees.map(|(cluster, tree)| settle(input, &builds, &land, (cluster, tree))).collect();
    for (settled, beyond) in settled.iter_mut().zip(Beyond::of_all(&found.clusters)) {
        settled.cluster.beyond = beyond;
    }
    let clusters: Vec<&Cluster> = settled.iter().map(|settled| &settled.cluster).collect();
    let profile = Profile::of(&clusters, input.config);
    let mut misconfigured = found.misconfigured.clone();
    misconfigured.extend(externals::lost_clusters(&input.config.externals, &clusters));
    let left_over = match input.is_for_roots {
        true => LeftOver::default(),
        false => left_over(&land, &found, &clusters, &input.config.unapplied),
    };
    let is_configured = found.is_configured;
    declare_tokens(&mut settled, &profile.tokens);
    let mut notes = notes(&settled, input.config);
    if !is_configured {
        notes.extend(not_followed(&manifests.flux));
    }
    notes.extend(found.notes.iter().cloned());
    notes.extend(revision_notes);
    let clusters: Vec<Cluster> = settled.into_iter().map(|settled| settled.cluster).collect();
    let mut undetermined = undetermined(&clusters.iter().collect::<Vec<_>>(), input.config);
    undetermined
        .extend(clusters.iter().zip(&trees).filter_map(|(cluster, tree)| undetermined::of_revision(cluster, tree)));
    undetermined.extend(left_over.questions.iter().map(undetermined::of_question));
    let mut discovery = Discovery::new(found, left_over);
    notes.extend(discovery.notes());
    discovery.block(blocked(&discovery, &manifests, is_configured));
    notes.extend(discovery.blocked_note());
    let components = match discovery.status == Status::None && discovery.blocked.is_none() {
        true => components::build(&land, &manifests),
        false => Components::default(),
    };
    notes.extend(discovery.take(&components, is_configured));
    undetermined.extend(components.undetermined);
    notes.extend(components.notes);
    let tree = Arc::clone(tree);
    let mut fleet = Fleet {
        clusters,
        profile,
        problems: Vec::new(),
        misconfigured,
        misnamed_installers: Vec::new(),
        notes,
        tree,
        undetermined,
        discovery,
        options: input.config.options.clone(),
        schemas: GivenSchemas::default(),
        judged: OnceLock::new(),
    };
    fleet.problems = problems(&fleet);
    fleet.problems.extend(components.problems);
    let is_on_purpose = |it: &Unread| is_unapplied(&input.config.unapplied, &it.path);
    fleet.take_unread(land.unread.iter().filter(|it| !is_on_purpose(it)).cloned().collect());
    fleet
}

/// Whether files of a repository say what a cluster syncs, and the folder is in it.
pub fn declares_cluster(checkout: &Checkout, documents: &Documents, files: &Arc<Files>) -> bool {
    let builds = Builds::new(documents, files);
    let manifests = manifests::read(&checkout.tree, documents);
    let mut land = Landscape::read(&checkout.tree, &builds, &manifests);
    let found = discover::clusters(&mut land, &checkout.remotes, &Config::default());
    let mut paths = found.clusters.iter().flat_map(|cluster| &cluster.roots).map(|root| &root.path);
    found.status == Status::Declared && paths.any(|path| checkout.tree.entry(path) == Some(EntryKind::Folder))
}

/// Why nothing can be checked, if nothing can.
fn blocked(discovery: &Discovery, manifests: &Manifests, is_configured: bool) -> Option<Blocked> {
    match discovery.status {
        Status::Ambiguous => Some(Blocked::Ambiguous),
        Status::None if manifests.files.is_empty() => Some(Blocked::NoManifests),
        Status::None if is_configured => None,
        Status::None => {
            let (file, what) = manifests.flux_one.first()?.clone();
            Some(Blocked::FluxOne { file, what })
        }
        Status::Configured | Status::Declared | Status::Assumed => None,
    }
}

/// What no cluster applies, where it is known which clusters there are.
fn left_over(land: &Landscape<'_>, found: &Found, clusters: &[&Cluster], on_purpose: &[PathPattern]) -> LeftOver {
    if found.clusters.is_empty() {
        return LeftOver::default();
    }
    let documents = applied_documents(clusters);
    let roots: Vec<&Root> = found.clusters.iter().flat_map(|cluster| &cluster.roots).collect();
    let is_root = |path: &str| roots.iter().any(|root| root.path == path);
    let meant = meant_folders(land, found, clusters, &is_root);
    let mut left_over = left_over::find(land, &Applied { roots: roots.clone(), documents, meant: &meant, on_purpose });
    // Of a root that does not build nothing is applied: it is a cluster all the same.
    // That of one whose FluxInstance cannot be read is what the finding is about.
    let is_unread = |path: &str| land.unread.iter().any(|it| discover::is_in(&it.path, path));
    left_over.questions.retain(|question| !is_root(&question.path) && !is_unread(&question.path));
    left_over
}

/// The folders of the repository that misspelt paths are taken to mean, as the finding on the path tells it.
fn meant_folders(
    land: &Landscape<'_>,
    found: &Found,
    clusters: &[&Cluster],
    is_root: &dyn Fn(&str) -> bool,
) -> BTreeSet<String> {
    let is_own = |reconciler: &Reconciler| {
        let tree = reconciler.source.as_ref().and_then(|source| source.tree.as_ref());
        tree.is_some_and(|tree| tree.repository == land.tree.repository)
    };
    let of_cluster = |(found, cluster): (&FoundCluster, &&Cluster)| {
        let base = found.roots.first().map(|root| root.base.as_str()).unwrap_or_default();
        let missing = cluster.graph().missing_paths().filter(|(reconciler, _)| is_own(reconciler));
        let near = missing.filter_map(|(reconciler, path)| reconciler.nearest_folder(&path, is_root));
        near.map(|folder| join(base, &folder)).collect::<Vec<_>>()
    };
    found.clusters.iter().zip(clusters).flat_map(of_cluster).collect()
}

/// Leaves out the kits that a declared cluster applies in a way that only its fixed point shows: through a ResourceSet, an
/// artifact that is put together, a path with variables.
fn drop_applied_kits(input: Input<'_>, builds: &Builds<'_>, land: &Landscape<'_>, found: &mut Found) {
    let (kits, declared): (Vec<&FoundCluster>, Vec<&FoundCluster>) =
        found.clusters.iter().partition(|cluster| cluster.is_kit());
    if kits.is_empty() || declared.is_empty() {
        return;
    }
    let tree = RootTree { tree: Arc::clone(&input.checkout.tree), reference: None, missing: None };
    let settled: Vec<ReconciledCluster<'_>> =
        declared.into_par_iter().map(|cluster| settle(input, builds, land, (cluster, &tree))).collect();
    let documents = applied_documents(&settled.iter().map(|settled| &settled.cluster).collect::<Vec<_>>());
    let is_applied = |root: &Root| {
        root.kustomizations().filter_map(|seed| seed.root.origin.span).any(|span| documents.contains(&span))
    };
    let kept = |cluster: &FoundCluster| !cluster.is_kit() || !cluster.roots.iter().any(is_applied);
    let kept: Vec<bool> = found.clusters.iter().map(kept).collect();
    let mut kept = kept.into_iter();
    found.clusters.retain(|_| kept.next().unwrap_or(true));
}

/// Where the documents of all objects are written that reconcilers apply.
fn applied_documents(clusters: &[&Cluster]) -> BTreeSet<Span> {
    let objects =
        clusters.iter().flat_map(|cluster| &cluster.reconcilers).flat_map(|reconciler| reconciler.applied.iter());
    objects.filter_map(|object| object.document()).collect()
}

fn settle<'a>(
    input: Input<'_>,
    builds: &Builds<'_>,
    land: &Landscape<'_>,
    (found, tree): (&'a FoundCluster, &RootTree),
) -> ReconciledCluster<'a> {
    let (roots, name) = (found.roots.as_slice(), found.name.clone());
    let base = roots.first().map(|root| root.base.as_str()).unwrap_or_default();
    let paths: Vec<String> = roots.iter().map(|root| root.path.clone()).collect::<BTreeSet<_>>().into_iter().collect();
    let seeds = Seeds {
        bootstrap: roots.iter().flat_map(|root| root.seeds.iter().cloned()).collect(),
        declared: Vec::new(),
        externals: externals::of_cluster(&input.config.externals, &name, &paths),
    };
    let configured = input.config.judged_as.or(found.flux).or(input.config.flux.map(|flux| flux.version));
    let version = configured.or_else(|| version::of_roots(roots, land));
    let features = Features { version, gates: gates::of_roots(roots, land) };
    let mut around = ReconcileContext {
        builds,
        sources: cluster_sources(input, &land.addresses, (roots, base), tree, features.clone()),
        is_open: roots.iter().any(|root| root.is_open),
    };
    let (inventory, mut results, mut is_stable) = reconcile(&around, &seeds);
    let mut cluster = Cluster {
        name,
        paths,
        objects: Objects::default(),
        reconcilers: Vec::new(),
        flux_namespace: flux_namespace(roots),
        lockdown: Lockdown::unknown(),
        features,
        is_bootstrapped: roots.iter().any(Root::is_bootstrapped),
        beyond: Beyond::default(),
        facets: Indexes::default(),
        existence: OnceLock::new(),
    };
    cluster.fill(inventory);
    // What its objects show may not have been known before, and decides what is applied.
    let version = version.or_else(|| version::of_objects(&cluster, land));
    let features = Features { version, gates: gates::of_cluster(&cluster, roots, land) };
    if features != cluster.features {
        around.sources.features = features.clone();
        cluster.features = features;
        let (inventory, again, is_stable_again) = reconcile(&around, &seeds);
        (results, is_stable) = (again, is_stable_again);
        cluster.fill(inventory);
    }
    cluster.lockdown = match found.multitenant {
        Some(is_on) => Lockdown::configured(is_on),
        None => Lockdown::of(&cluster, roots, Reader { tree: &*tree.tree, documents: input.documents }),
    };
    cluster.identify();
    ReconciledCluster { roots, cluster, is_stable, seeds, results }
}

fn cluster_sources<'a>(
    input: Input<'a>,
    ours: &'a Addresses,
    (found, base): (&[Root], &'a str),
    RootTree { tree, reference, .. }: &RootTree,
    features: Features,
) -> ClusterSources<'a> {
    let kustomizations = found.iter().flat_map(Root::kustomizations).filter_map(|object| Kustomization::of(object));
    ClusterSources {
        sources: input.sources,
        documents: input.documents,
        fleet: tree.below(base),
        roots: kustomizations.filter_map(source_id).collect(),
        ours,
        features,
        reference: reference.clone(),
        checkout: input.checkout,
        base,
    }
}

/// The namespace of Flux: that of the FluxInstance or of what bootstrap made. Other roots may be anywhere.
fn flux_namespace(roots: &[Root]) -> SmolStr {
    let tells = |root: &&Root| root.is_bootstrapped() || root.seeds.iter().any(|seed| FluxInstance::of(seed).is_some());
    let root = roots.iter().find(tells).and_then(|root| root.seeds.last());
    root.map_or_else(|| "flux-system".into(), |kustomization| kustomization.id.namespace.clone())
}

impl Cluster {
    fn fill(&mut self, inventory: Inventory) {
        self.objects = inventory.objects;
        self.reconcilers = inventory.reconcilers;
        self.facets = Indexes::default();
        self.existence.take();
    }

    /// As whom each reconciler applies (domain-facts section 1).
    fn identify(&mut self) {
        let identities: Vec<Identity> = self.reconcilers.iter().map(|reconciler| self.identity(reconciler)).collect();
        self.reconcilers.iter_mut().zip(identities).for_each(|(reconciler, identity)| reconciler.identity = identity);
    }

    fn identity(&self, reconciler: &Reconciler) -> Identity {
        let name = reconciler.object.str("/spec/serviceAccountName").filter(|name| !name.is_empty());
        match (name, reconciler.kind, &self.lockdown.default_service_account) {
            (_, ReconcilerKind::FluxInstance, _) => Identity::Controller,
            (Some(name), _, _) => Identity::Named(name.into()),
            // The lockdown of Flux does not reach ResourceSets; the operator has a switch of its own.
            (None, ReconcilerKind::ResourceSet, _) => Identity::Unknown,
            (None, _, Setting::On(name, _)) => Identity::Default(name.clone()),
            (None, _, Setting::Off) => Identity::Controller,
            (None, _, Setting::Unknown) => Identity::Unknown,
        }
    }
}

/// Puts the Secrets of declared tokens on each cluster, so that policies can copy them.
fn declare_tokens(settled: &mut [ReconciledCluster<'_>], tokens: &[Token]) {
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
