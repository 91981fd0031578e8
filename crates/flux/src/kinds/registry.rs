//! All tables. Each is read when it is first asked for.

use std::sync::OnceLock;

use super::lookup::Found;
use super::scope::Scope;
use super::table::Table;

/// A table that may not have been read yet.
struct Entry {
    group: &'static str,
    kind: &'static str,
    text: &'static str,
    table: OnceLock<Table>,
}

/// A table by group, kind and folder.
macro_rules! table {
    ($group:literal, $kind:literal, $folder:literal) => {
        Entry {
            group: $group,
            kind: $kind,
            text: include_str!(concat!("../../kinds/", $folder, "/", $kind, ".fields")),
            table: OnceLock::new(),
        }
    };
}

/// By kind and group, in order: kinds differ early, groups late.
static ENTRIES: [Entry; 45] = [
    table!("notification.toolkit.fluxcd.io", "Alert", "notification.toolkit.fluxcd.io"),
    table!("source.extensions.fluxcd.io", "ArtifactGenerator", "source.extensions.fluxcd.io"),
    table!("source.toolkit.fluxcd.io", "Bucket", "source.toolkit.fluxcd.io"),
    table!("cert-manager.io", "Certificate", "cert-manager.io"),
    table!("external-secrets.io", "ClusterExternalSecret", "external-secrets.io"),
    table!("kyverno.io", "ClusterPolicy", "kyverno.io"),
    table!("rbac.authorization.k8s.io", "ClusterRole", "rbac.authorization.k8s.io"),
    table!("rbac.authorization.k8s.io", "ClusterRoleBinding", "rbac.authorization.k8s.io"),
    table!("kustomize.config.k8s.io", "Component", "kustomize.config.k8s.io"),
    table!("", "ConfigMap", "core"),
    table!("apiextensions.k8s.io", "CustomResourceDefinition", "apiextensions.k8s.io"),
    table!("apps", "Deployment", "apps"),
    table!("secrets.doppler.com", "DopplerSecret", "secrets.doppler.com"),
    table!("source.toolkit.fluxcd.io", "ExternalArtifact", "source.toolkit.fluxcd.io"),
    table!("external-secrets.io", "ExternalSecret", "external-secrets.io"),
    table!("fluxcd.controlplane.io", "FluxInstance", "fluxcd.controlplane.io"),
    table!("fluxcd.controlplane.io", "FluxReport", "fluxcd.controlplane.io"),
    table!("source.toolkit.fluxcd.io", "GitRepository", "source.toolkit.fluxcd.io"),
    table!("source.toolkit.fluxcd.io", "HelmChart", "source.toolkit.fluxcd.io"),
    table!("helm.toolkit.fluxcd.io", "HelmRelease", "helm.toolkit.fluxcd.io"),
    table!("source.toolkit.fluxcd.io", "HelmRepository", "source.toolkit.fluxcd.io"),
    table!("autoscaling", "HorizontalPodAutoscaler", "autoscaling"),
    table!("image.toolkit.fluxcd.io", "ImagePolicy", "image.toolkit.fluxcd.io"),
    table!("image.toolkit.fluxcd.io", "ImageRepository", "image.toolkit.fluxcd.io"),
    table!("image.toolkit.fluxcd.io", "ImageUpdateAutomation", "image.toolkit.fluxcd.io"),
    table!("secrets.infisical.com", "InfisicalSecret", "secrets.infisical.com"),
    table!("kustomize.config.k8s.io", "Kustomization", "kustomize.config.k8s.io"),
    table!("kustomize.toolkit.fluxcd.io", "Kustomization", "kustomize.toolkit.fluxcd.io"),
    table!("", "Namespace", "core"),
    table!("source.toolkit.fluxcd.io", "OCIRepository", "source.toolkit.fluxcd.io"),
    table!("onepassword.com", "OnePasswordItem", "onepassword.com"),
    table!("notification.toolkit.fluxcd.io", "Provider", "notification.toolkit.fluxcd.io"),
    table!("notification.toolkit.fluxcd.io", "Receiver", "notification.toolkit.fluxcd.io"),
    table!("fluxcd.controlplane.io", "ResourceSet", "fluxcd.controlplane.io"),
    table!("fluxcd.controlplane.io", "ResourceSetInputProvider", "fluxcd.controlplane.io"),
    table!("rbac.authorization.k8s.io", "Role", "rbac.authorization.k8s.io"),
    table!("rbac.authorization.k8s.io", "RoleBinding", "rbac.authorization.k8s.io"),
    table!("keda.sh", "ScaledObject", "keda.sh"),
    table!("bitnami.com", "SealedSecret", "bitnami.com"),
    table!("", "Secret", "core"),
    table!("", "ServiceAccount", "core"),
    table!("apps", "StatefulSet", "apps"),
    table!("secrets.hashicorp.com", "VaultDynamicSecret", "secrets.hashicorp.com"),
    table!("secrets.hashicorp.com", "VaultPKISecret", "secrets.hashicorp.com"),
    table!("secrets.hashicorp.com", "VaultStaticSecret", "secrets.hashicorp.com"),
];

/// What all objects have: `apiVersion`, `kind`, `metadata`.
static COMMON: Entry =
    Entry { group: "", kind: "Object", text: include_str!("../../kinds/Object.fields"), table: OnceLock::new() };

impl Entry {
    fn table(&'static self) -> &'static Table {
        self.table.get_or_init(|| Table::parse(self.text))
    }
}

/// The table of a kind; `None` for a kind that fleetlint does not know.
pub fn table(group: &str, kind: &str) -> Option<&'static Table> {
    let found = ENTRIES.binary_search_by(|entry| (entry.kind, entry.group).cmp(&(kind, group))).ok()?;
    Some(ENTRIES[found].table())
}

/// The groups and kinds that have a table, in the order of kinds.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    ENTRIES.iter().map(|entry| (entry.group, entry.kind))
}

/// The groups and kinds of Flux and the Flux Operator.
pub fn flux() -> impl Iterator<Item = (&'static str, &'static str)> {
    all().filter(|(group, _)| group.ends_with(".fluxcd.io") || *group == "fluxcd.controlplane.io")
}

/// What a JSON pointer leads to in an object of a kind; `None` for a kind that fleetlint does not know.
pub fn find(group: &str, kind: &str, pointer: &str, scope: Scope<'_>) -> Option<Found> {
    let table = table(group, kind)?;
    let top = pointer.split('/').nth(1).unwrap_or_default();
    match matches!(top, "apiVersion" | "kind" | "metadata") {
        true => Some(COMMON.table().find(pointer, Scope::default())),
        false => Some(table.find(pointer, scope)),
    }
}
