//! The conventions of a fleet: which layout it follows and what that promises.
//!
//! A profile sets defaults; it never switches the engine. The configuration overrides each of them.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::{SmolStr, format_smolstr};

use super::owner::owner_of;
use super::roles::Role;
use super::tenant_label::{TENANT_LABEL, tenant_label};
use super::{Cluster, ClusterObject, ReconcilerKind, SourceState};
use crate::config::{Config, ProfileKind};
use crate::credentials::{Permission, Token};
use crate::source::{EntryKind, url};

/// The kinds that a root may read.
const SOURCES: [&str; 3] = ["GitRepository", "OCIRepository", "Bucket"];

/// What a fleet promises.
#[derive(Clone, Debug)]
pub struct Profile {
    pub kind: ProfileKind,
    /// Why it is this one: that the configuration says so, or what was found.
    pub reason: String,
    /// Environment → the branch that its clusters read infra and apps from. Empty where there is no such rule.
    pub environments: BTreeMap<SmolStr, SmolStr>,
    /// Tenants that are part of the platform.
    pub platform_tenants: BTreeSet<SmolStr>,
    /// The ConfigMap that each cluster promises to have in Flux's namespace.
    pub runtime_info: Option<SmolStr>,
    /// The keys that it promises to hold.
    pub runtime_keys: Vec<SmolStr>,
    /// The ref of the fleet repository that all clusters sync.
    pub fleet_ref: Option<SmolStr>,
    /// The tokens behind Git credentials.
    pub tokens: Vec<Token>,
}

/// The folder of the fleet repository in which d1 keeps its tenants.
const TENANTS: &str = "tenants";
/// The ConfigMap of the d1 profile.
const RUNTIME_INFO: &str = "flux-runtime-info";
/// Its keys.
const RUNTIME_KEYS: [&str; 4] = ["ENVIRONMENT", "GIT_BRANCH", "CLUSTER_NAME", "CLUSTER_DOMAIN"];

impl Profile {
    /// The profile of a fleet: detected from its clusters unless the configuration names one, its defaults overridden.
    pub fn of(clusters: &[&Cluster], config: &Config) -> Self {
        let (kind, reason) = match config.profile {
            Some(kind) => (kind, "`profile:` in fleetlint.yaml".to_owned()),
            None => detect(clusters),
        };
        let mut profile = Self { reason, ..Self::defaults(kind) };
        if let Some(environments) = &config.environments {
            profile.environments.clone_from(environments);
        }
        if !matches!(kind, ProfileKind::D1 | ProfileKind::D2) {
            profile.platform_tenants.extend(labels_of_no_tenant(clusters));
        }
        profile.declare_tenants(config);
        profile.tokens = match &config.tokens {
            Some(tokens) => tokens.clone(),
            None if kind == ProfileKind::D1 => default_tokens(clusters, &profile.platform_tenants),
            None => Vec::new(),
        };
        profile
    }

    /// What the configuration says of tenants wins over what the layout says.
    fn declare_tenants(&mut self, config: &Config) {
        for tenant in &config.tenants {
            match tenant.platform {
                true => drop(self.platform_tenants.insert(tenant.name.clone())),
                false => drop(self.platform_tenants.remove(&tenant.name)),
            }
        }
    }

    fn defaults(kind: ProfileKind) -> Self {
        let is_d1 = kind == ProfileKind::D1;
        let has_runtime_info = matches!(kind, ProfileKind::D1 | ProfileKind::D2);
        let mapping = [("staging", "main"), ("production", "production")];
        let mapping = mapping.map(|(environment, branch)| (environment.into(), branch.into()));
        Self {
            kind,
            reason: String::new(),
            environments: if is_d1 { BTreeMap::from(mapping) } else { BTreeMap::new() },
            platform_tenants: if has_runtime_info { BTreeSet::from(["infra".into()]) } else { BTreeSet::new() },
            runtime_info: has_runtime_info.then(|| RUNTIME_INFO.into()),
            runtime_keys: if is_d1 { RUNTIME_KEYS.map(SmolStr::from).to_vec() } else { Vec::new() },
            fleet_ref: is_d1.then(|| "refs/heads/main".into()),
            tokens: Vec::new(),
        }
    }
}

/// The values of the tenant label that stand for no tenant. Where the layout does not promise tenants, teams label what is
/// theirs, too: a tenant acts as a service account of its own, or brings a repository of its own.
fn labels_of_no_tenant(clusters: &[&Cluster]) -> BTreeSet<SmolStr> {
    let objects = clusters.iter().flat_map(|cluster| cluster.objects.with_role(Role::Labelled));
    let labels: BTreeSet<SmolStr> = objects.filter_map(|placed| tenant_label(placed.object)).map(Into::into).collect();
    let tenants: BTreeSet<SmolStr> =
        clusters.iter().flat_map(|cluster| with_account(cluster).chain(with_repository(cluster))).collect();
    labels.difference(&tenants).cloned().collect()
}

/// The tenants whose service accounts a binding of the cluster names.
fn with_account(cluster: &Cluster) -> impl Iterator<Item = SmolStr> {
    // A service account of Flux's own namespace is the platform's, whatever its label says.
    let bound = cluster.rbac().bound_accounts().filter(|bound| *bound.namespace != cluster.flux_namespace);
    bound.filter_map(|bound| {
        let account = cluster.find("", "ServiceAccount", bound.namespace, bound.name);
        let own = account.and_then(|account| tenant_label(account.object));
        own.or_else(|| tenant_label(cluster.namespace(bound.namespace)?.object)).map(SmolStr::from)
    })
}

/// The tenants in whose namespaces a Kustomization reads a source that is there, too.
fn with_repository(cluster: &Cluster) -> impl Iterator<Item = SmolStr> {
    cluster.graph().reconcilers_of(ReconcilerKind::Kustomization).filter_map(|(reconciler, placed)| {
        let source = reconciler.source.as_ref()?;
        let namespace = &placed.object.id.namespace;
        let is_own = source.namespace == *namespace && *namespace != cluster.flux_namespace;
        let is_repository = matches!(source.kind.as_str(), "GitRepository" | "OCIRepository" | "Bucket");
        let label = tenant_label(placed.object).or_else(|| tenant_label(cluster.namespace(namespace)?.object));
        label.filter(|_| is_own && is_repository).map(SmolStr::from)
    })
}

/// The layout that the clusters show, and what shows it. d1: a runtime-info ConfigMap, a `tenants` folder and the fleet in
/// Git; d2: the first, and the fleet in OCI; both however Flux was installed. Else it counts how that was done.
fn detect(clusters: &[&Cluster]) -> (ProfileKind, String) {
    let has_runtime_info = clusters
        .iter()
        .any(|cluster| cluster.objects.of_kind("", "ConfigMap").any(|placed| placed.object.id.name == RUNTIME_INFO));
    let read: Vec<&SourceState> = clusters.iter().copied().flat_map(root_sources).collect();
    // A misspelt kind on one cluster says nothing about the others.
    let kinds: Vec<&str> =
        read.iter().map(|source| source.kind.as_str()).filter(|kind| SOURCES.contains(kind)).collect();
    let is_read_from = |kind: &str| kinds.first() == Some(&kind);
    let has_tenants = read.iter().any(|source| has_folder(source, TENANTS));
    let (kind, reason) = if has_runtime_info && has_tenants && is_read_from("GitRepository") {
        (ProfileKind::D1, format!("ConfigMap `{RUNTIME_INFO}`, folder `{TENANTS}`, sources in Git"))
    } else if has_runtime_info && is_read_from("OCIRepository") {
        (ProfileKind::D2, format!("ConfigMap `{RUNTIME_INFO}`, sources in OCI"))
    } else if clusters.iter().any(|cluster| cluster.is_bootstrapped) {
        (ProfileKind::Bootstrap, "Flux was installed by `flux bootstrap`".to_owned())
    } else {
        (ProfileKind::Monorepo, "nothing shows another layout".to_owned())
    };
    (kind, reason)
}

/// What the root Kustomizations of a cluster read.
fn root_sources(cluster: &Cluster) -> impl Iterator<Item = &SourceState> {
    let roots = cluster.roots().filter(|root| root.kind == ReconcilerKind::Kustomization);
    roots.filter_map(|root| root.source.as_ref())
}

fn has_folder(source: &SourceState, path: &str) -> bool {
    source.tree.as_ref().is_some_and(|tree| tree.entry(path) == Some(EntryKind::Folder))
}

/// The tokens that the reference architecture asks for (domain-facts section 11), under the names of this fleet: the
/// fleet repository's name with `fleet` replaced by `infra` or the tenant's name. None where it has no such name.
fn default_tokens(clusters: &[&Cluster], platform_tenants: &BTreeSet<SmolStr>) -> Vec<Token> {
    let Some(source) = usual_fleet_source(clusters) else { return Vec::new() };
    let source = &source.object;
    let address = source.str("/spec/url").unwrap_or_default();
    let Some((owner, name)) = url::owner_and_name(address) else { return Vec::new() };
    let namespace = &source.id.namespace;
    let pull_secret = source.str("/spec/secretRef/name").unwrap_or("flux-system");
    let mut platform = token("platform", vec![format_smolstr!("{owner}/{name}")], Permission::Read);
    platform.secrets = vec![(namespace.clone(), pull_secret.into())];
    if !address.starts_with("http") {
        // A deploy key reaches one repository, too, but whether it may write is nobody's convention.
        platform.permissions.clear();
    }
    let mut tokens = vec![platform];
    if !name.contains("fleet") {
        return tokens;
    }
    let repository = |role: &str| format_smolstr!("{owner}/{}", name.replace("fleet", role));
    let tenants = tenants(clusters, platform_tenants);
    let all = std::iter::once("infra").chain(tenants.iter().map(SmolStr::as_str)).map(&repository).collect();
    tokens.push(token("components", all, Permission::Write));
    tokens.extend(tenants.iter().map(|tenant| Token {
        secrets: vec![(namespace.clone(), format_smolstr!("flux-{tenant}"))],
        labels: BTreeMap::from([(TENANT_LABEL.into(), tenant.clone())]),
        ..token(&format!("tenant {tenant}"), vec![repository(tenant)], Permission::Write)
    }));
    tokens
}

/// The source of the fleet that most clusters have: a slip on one of them says nothing about the others.
fn usual_fleet_source<'a>(clusters: &[&'a Cluster]) -> Option<ClusterObject<'a>> {
    let sources: Vec<ClusterObject<'_>> =
        clusters.iter().filter_map(|cluster| cluster.sources().fleet_source()).collect();
    let key = |source: &ClusterObject<'_>| source.object.str("/spec/url").map(url::key);
    let count = |source: &&ClusterObject<'_>| sources.iter().filter(|other| key(other) == key(source)).count();
    sources.iter().rev().max_by_key(count).copied()
}

fn token(name: &str, repositories: Vec<SmolStr>, contents: Permission) -> Token {
    let permissions = [
        ("administration", Permission::Read),
        ("statuses", Permission::Write),
        ("contents", contents),
        ("metadata", Permission::Read),
    ];
    let permissions = permissions.map(|(permission, level)| (permission.into(), level));
    Token { repositories, permissions: BTreeMap::from(permissions), ..Token::named(name) }
}

/// The tenants that the fleet declares, platform tenants left out.
fn tenants(clusters: &[&Cluster], platform_tenants: &BTreeSet<SmolStr>) -> BTreeSet<SmolStr> {
    let owners = clusters
        .iter()
        .flat_map(|cluster| cluster.of_kind("", "Namespace").map(|placed| owner_of(cluster, placed, platform_tenants)));
    owners.filter_map(|owner| owner.tenant().map(SmolStr::from)).collect()
}
