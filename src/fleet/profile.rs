//! The conventions of a fleet: which layout it follows and what that promises (rule-catalogue, "Profiles").
//!
//! A profile sets defaults; it never switches the engine. The configuration overrides each of them.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::{SmolStr, format_smolstr};

use super::owner::{TENANT_LABEL, owner_of, tenant_label};
use super::{ApplierKind, Cluster};
use crate::config::{Config, ProfileKind};
use crate::credentials::{Permission, Token};
use crate::flux::api::{FluxInstance, group};
use crate::source::url;

/// What a fleet promises.
#[derive(Clone, Debug)]
pub struct Profile {
    pub kind: ProfileKind,
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

/// The ConfigMap of the d1 profile.
const RUNTIME_INFO: &str = "flux-runtime-info";
/// Its keys.
const RUNTIME_KEYS: [&str; 4] = ["ENVIRONMENT", "GIT_BRANCH", "CLUSTER_NAME", "CLUSTER_DOMAIN"];

impl Profile {
    /// The profile of a fleet: detected from its clusters unless the configuration names one, its defaults overridden.
    pub fn of(clusters: &[&Cluster], config: &Config) -> Self {
        let kind = config.profile.unwrap_or_else(|| detect(clusters));
        let mut profile = Self::defaults(kind);
        if let Some(environments) = &config.environments {
            profile.environments.clone_from(environments);
        }
        if !matches!(kind, ProfileKind::D1 | ProfileKind::D2) {
            profile.platform_tenants.extend(labels_of_no_tenant(clusters));
        }
        profile.tokens = match &config.tokens {
            Some(tokens) => tokens.clone(),
            None if kind == ProfileKind::D1 => default_tokens(clusters, &profile.platform_tenants),
            None => Vec::new(),
        };
        profile
    }

    fn defaults(kind: ProfileKind) -> Self {
        let is_d1 = kind == ProfileKind::D1;
        let has_runtime_info = matches!(kind, ProfileKind::D1 | ProfileKind::D2);
        let mapping = [("staging", "main"), ("production", "production")];
        let mapping = mapping.map(|(environment, branch)| (environment.into(), branch.into()));
        Self {
            kind,
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
    let objects = clusters.iter().flat_map(|cluster| &cluster.objects);
    let labels: BTreeSet<SmolStr> = objects.filter_map(|placed| tenant_label(&placed.object)).map(Into::into).collect();
    let tenants: BTreeSet<SmolStr> =
        clusters.iter().flat_map(|cluster| with_account(cluster).chain(with_repository(cluster))).collect();
    labels.difference(&tenants).cloned().collect()
}

/// The tenants whose service accounts a binding of the cluster names.
fn with_account(cluster: &Cluster) -> impl Iterator<Item = SmolStr> {
    cluster.bound_accounts().filter_map(|bound| {
        let account = cluster.find("", "ServiceAccount", bound.namespace, bound.name);
        let own = account.and_then(|account| tenant_label(&account.object));
        own.or_else(|| tenant_label(&cluster.namespace(bound.namespace)?.object)).map(SmolStr::from)
    })
}

/// The tenants in whose namespaces a Kustomization reads a source that lies there, too.
fn with_repository(cluster: &Cluster) -> impl Iterator<Item = SmolStr> {
    cluster.appliers_of(ApplierKind::Kustomization).filter_map(|(applier, placed)| {
        let source = applier.source.as_ref()?;
        let namespace = &placed.object.id.namespace;
        let is_own = source.namespace == *namespace && *namespace != cluster.flux_namespace;
        let is_repository = matches!(source.kind.as_str(), "GitRepository" | "OCIRepository" | "Bucket");
        let label = tenant_label(&placed.object).or_else(|| tenant_label(&cluster.namespace(namespace)?.object));
        label.filter(|_| is_own && is_repository).map(SmolStr::from)
    })
}

/// d1 and d2: a FluxInstance that syncs Git or OCI, and a runtime-info ConfigMap. Else by how Flux was installed.
fn detect(clusters: &[&Cluster]) -> ProfileKind {
    let mut instances = clusters.iter().copied().flat_map(instance_of);
    let has_runtime_info = clusters.iter().any(|cluster| {
        cluster.objects.iter().any(|placed| placed.object.is("", "ConfigMap") && placed.object.id.name == RUNTIME_INFO)
    });
    let kind = instances.next().and_then(|instance| instance.sync()?.get("kind")?.text().map(str::to_owned));
    match kind.as_deref() {
        Some("GitRepository") if has_runtime_info => ProfileKind::D1,
        Some("OCIRepository") if has_runtime_info => ProfileKind::D2,
        _ if clusters.iter().any(|cluster| cluster.is_bootstrapped) => ProfileKind::Bootstrap,
        _ => ProfileKind::Monorepo,
    }
}

fn instance_of(cluster: &Cluster) -> Option<FluxInstance<'_>> {
    cluster.of_kind(group::OPERATOR, "FluxInstance").find_map(|placed| FluxInstance::of(&placed.object))
}

/// The tokens that the reference architecture asks for (domain-facts section 11), under the names of this fleet: the
/// fleet repository's name with `fleet` replaced by `infra` or the tenant's name. None where it has no such name.
fn default_tokens(clusters: &[&Cluster], platform_tenants: &BTreeSet<SmolStr>) -> Vec<Token> {
    let Some(instance) = clusters.iter().copied().find_map(instance_of) else { return Vec::new() };
    let sync = instance.sync();
    let fleet = sync.and_then(|sync| url::owner_and_name(sync.get("url")?.text()?));
    let Some((owner, name)) = fleet else { return Vec::new() };
    let namespace = &instance.object.id.namespace;
    let pull_secret = sync.and_then(|sync| sync.get("pullSecret")?.text()).unwrap_or("flux-system");
    let mut tokens = vec![Token {
        secrets: vec![(namespace.clone(), pull_secret.into())],
        ..token("platform", vec![format_smolstr!("{owner}/{name}")], Permission::Read)
    }];
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

fn token(name: &str, repositories: Vec<SmolStr>, contents: Permission) -> Token {
    let permissions = [
        ("administration", Permission::Read),
        ("statuses", Permission::Write),
        ("contents", contents),
        ("metadata", Permission::Read),
    ];
    let permissions = permissions.map(|(permission, level)| (permission.into(), level));
    Token {
        name: name.into(),
        secrets: Vec::new(),
        labels: BTreeMap::new(),
        repositories,
        permissions: BTreeMap::from(permissions),
        place: None,
    }
}

/// The tenants that the fleet declares, platform tenants left out.
fn tenants(clusters: &[&Cluster], platform_tenants: &BTreeSet<SmolStr>) -> BTreeSet<SmolStr> {
    let owners = clusters
        .iter()
        .flat_map(|cluster| cluster.of_kind("", "Namespace").map(|placed| owner_of(cluster, placed, platform_tenants)));
    owners.filter_map(|owner| owner.tenant().map(SmolStr::from)).collect()
}
