//! Which API versions a release serves: of Flux, the Flux Operator, Kyverno and Kubernetes.

use super::Minor;

/// What serves an API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Component {
    Flux,
    FluxOperator,
    Kyverno,
    Kubernetes,
}

/// A version of some kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApiVersion {
    pub component: Component,
    pub group: &'static str,
    pub kinds: &'static [&'static str],
    pub version: &'static str,
    /// The first minor that serves it; the first one of all where it is older than what anybody runs.
    pub since: Minor,
    /// The minor from which on another version should be used.
    pub deprecated: Option<Minor>,
    /// The first minor that does not serve it any more.
    pub removed: Option<Minor>,
    /// The version, or the kinds, to use instead.
    pub instead: Option<&'static str>,
}

/// Whether a release serves an API version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Served {
    Yes,
    /// Still, but no longer for long.
    Deprecated,
    Removed,
    NotYet,
}

/// The row of an API version; `None` for what the table does not have, about which nothing is known.
pub fn api_version(group: &str, kind: &str, version: &str) -> Option<&'static ApiVersion> {
    TABLE.iter().find(|row| row.group == group && row.version == version && row.kinds.contains(&kind))
}

/// The newest version of a kind.
pub fn newest_version(group: &str, kind: &str) -> Option<&'static str> {
    TABLE.iter().find(|row| row.group == group && row.kinds.contains(&kind)).map(|row| row.version)
}

/// The newest version of a kind that a minor serves.
pub fn newest_served(group: &str, kind: &str, minor: Minor) -> Option<&'static str> {
    let of_kind = TABLE.iter().filter(|row| row.group == group && row.kinds.contains(&kind));
    let is_served = |row: &&ApiVersion| matches!(served(row, minor), Served::Yes | Served::Deprecated);
    of_kind.filter(|row| is_served(row)).map(|row| row.version).next()
}

/// Whether a minor of the component serves an API version.
pub fn served(row: &ApiVersion, minor: Minor) -> Served {
    match row {
        _ if minor < row.since => Served::NotYet,
        _ if row.removed.is_some_and(|removed| minor >= removed) => Served::Removed,
        _ if row.deprecated.is_some_and(|deprecated| minor >= deprecated) => Served::Deprecated,
        _ => Served::Yes,
    }
}

/// A row that is current.
const fn current(
    component: Component,
    group: &'static str,
    kinds: &'static [&'static str],
    version: &'static str,
    since: Minor,
) -> ApiVersion {
    ApiVersion { component, group, kinds, version, since, deprecated: None, removed: None, instead: None }
}

/// A row that another version follows.
const fn followed(row: ApiVersion, deprecated: Minor, removed: Option<Minor>, instead: &'static str) -> ApiVersion {
    ApiVersion { deprecated: Some(deprecated), removed, instead: Some(instead), ..row }
}

const KUSTOMIZE: &str = "kustomize.toolkit.fluxcd.io";
const SOURCE: &str = "source.toolkit.fluxcd.io";
const HELM: &str = "helm.toolkit.fluxcd.io";
const IMAGE: &str = "image.toolkit.fluxcd.io";
const NOTIFICATION: &str = "notification.toolkit.fluxcd.io";
const CHARTS: &[&str] = &["HelmRepository", "HelmChart"];
const IMAGES: &[&str] = &["ImageRepository", "ImagePolicy", "ImageUpdateAutomation"];
const MESSAGES: &[&str] = &["Alert", "Provider"];
const OPERATOR: &[&str] = &["FluxInstance", "FluxReport", "ResourceSet", "ResourceSetInputProvider"];
const KYVERNO: &[&str] = &["ClusterPolicy", "Policy"];
const POLICIES: &[&str] = &[
    "ValidatingPolicy",
    "MutatingPolicy",
    "GeneratingPolicy",
    "DeletingPolicy",
    "ImageValidatingPolicy",
    "NamespacedValidatingPolicy",
    "NamespacedMutatingPolicy",
    "NamespacedGeneratingPolicy",
    "NamespacedDeletingPolicy",
    "NamespacedImageValidatingPolicy",
];

const fn flux(group: &'static str, kinds: &'static [&'static str], version: &'static str, since: u32) -> ApiVersion {
    current(Component::Flux, group, kinds, version, (2, since))
}

/// A version of Flux's that was followed in one minor and removed in another.
const fn old_flux(row: ApiVersion, deprecated: u32, removed: u32, instead: &'static str) -> ApiVersion {
    followed(row, (2, deprecated), Some((2, removed)), instead)
}

/// A version of Kubernetes' own that is gone.
const fn gone(
    group: &'static str,
    kinds: &'static [&'static str],
    version: &'static str,
    removed: u32,
    instead: &'static str,
) -> ApiVersion {
    let row = current(Component::Kubernetes, group, kinds, version, (1, 0));
    followed(row, (1, 0), Some((1, removed)), instead)
}

/// Sources: domain-facts section 4 and facts-2026-11 (Flux, Kyverno); the deprecation guide of Kubernetes.
const TABLE: &[ApiVersion] = &[
    flux(KUSTOMIZE, &["Kustomization"], "v1", 0),
    old_flux(flux(KUSTOMIZE, &["Kustomization"], "v1beta2", 0), 0, 8, "v1"),
    old_flux(flux(KUSTOMIZE, &["Kustomization"], "v1beta1", 0), 0, 7, "v1"),
    flux(SOURCE, &["GitRepository"], "v1", 0),
    old_flux(flux(SOURCE, &["GitRepository"], "v1beta2", 0), 0, 8, "v1"),
    old_flux(flux(SOURCE, &["GitRepository"], "v1beta1", 0), 0, 7, "v1"),
    flux(SOURCE, CHARTS, "v1", 3),
    old_flux(flux(SOURCE, CHARTS, "v1beta2", 0), 3, 8, "v1"),
    old_flux(flux(SOURCE, CHARTS, "v1beta1", 0), 0, 7, "v1"),
    flux(SOURCE, &["Bucket"], "v1", 4),
    old_flux(flux(SOURCE, &["Bucket"], "v1beta2", 0), 4, 8, "v1"),
    old_flux(flux(SOURCE, &["Bucket"], "v1beta1", 0), 0, 7, "v1"),
    flux(SOURCE, &["OCIRepository"], "v1", 6),
    old_flux(flux(SOURCE, &["OCIRepository"], "v1beta2", 0), 6, 8, "v1"),
    flux(SOURCE, &["ExternalArtifact"], "v1", 7),
    flux("source.extensions.fluxcd.io", &["ArtifactGenerator"], "v1beta1", 7),
    flux(HELM, &["HelmRelease"], "v2", 3),
    old_flux(flux(HELM, &["HelmRelease"], "v2beta2", 2), 3, 8, "v2"),
    old_flux(flux(HELM, &["HelmRelease"], "v2beta1", 0), 2, 7, "v2"),
    flux(IMAGE, IMAGES, "v1", 7),
    old_flux(flux(IMAGE, IMAGES, "v1beta2", 0), 7, 9, "v1"),
    old_flux(flux(IMAGE, IMAGES, "v1beta1", 0), 0, 7, "v1"),
    flux(NOTIFICATION, MESSAGES, "v1", 10),
    followed(flux(NOTIFICATION, MESSAGES, "v1beta3", 2), (2, 10), None, "v1"),
    old_flux(flux(NOTIFICATION, MESSAGES, "v1beta2", 0), 2, 9, "v1beta3"),
    old_flux(flux(NOTIFICATION, MESSAGES, "v1beta1", 0), 0, 7, "v1beta3"),
    flux(NOTIFICATION, &["Receiver"], "v1", 0),
    old_flux(flux(NOTIFICATION, &["Receiver"], "v1beta2", 0), 0, 9, "v1"),
    old_flux(flux(NOTIFICATION, &["Receiver"], "v1beta1", 0), 0, 7, "v1"),
    current(Component::FluxOperator, "fluxcd.controlplane.io", OPERATOR, "v1", (0, 0)),
    followed(current(Component::Kyverno, "kyverno.io", KYVERNO, "v1", (1, 0)), (1, 17), Some((1, 20)), POLICY),
    followed(current(Component::Kyverno, "kyverno.io", CLEANUP, "v2", (1, 12)), (1, 17), Some((1, 20)), POLICY),
    current(Component::Kyverno, "policies.kyverno.io", POLICIES, "v1", (1, 17)),
    gone("extensions", &["Deployment", "DaemonSet", "ReplicaSet"], "v1beta1", 16, "apps/v1"),
    gone("extensions", &["NetworkPolicy"], "v1beta1", 16, NETWORKING),
    gone("extensions", &["PodSecurityPolicy"], "v1beta1", 16, POD_SECURITY),
    gone("apps", &["Deployment", "StatefulSet", "ControllerRevision"], "v1beta1", 16, "v1"),
    gone("apps", &["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"], "v1beta2", 16, "v1"),
    gone("admissionregistration.k8s.io", WEBHOOKS, "v1beta1", 22, "v1"),
    gone("apiextensions.k8s.io", &["CustomResourceDefinition"], "v1beta1", 22, "v1"),
    gone("apiregistration.k8s.io", &["APIService"], "v1beta1", 22, "v1"),
    gone("certificates.k8s.io", &["CertificateSigningRequest"], "v1beta1", 22, "v1"),
    gone("coordination.k8s.io", &["Lease"], "v1beta1", 22, "v1"),
    gone("extensions", &["Ingress"], "v1beta1", 22, NETWORKING),
    gone("networking.k8s.io", &["Ingress", "IngressClass"], "v1beta1", 22, "v1"),
    gone("rbac.authorization.k8s.io", RBAC, "v1beta1", 22, "v1"),
    gone("scheduling.k8s.io", &["PriorityClass"], "v1beta1", 22, "v1"),
    gone("storage.k8s.io", &["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"], "v1beta1", 22, "v1"),
    gone("batch", &["CronJob"], "v1beta1", 25, "v1"),
    gone("discovery.k8s.io", &["EndpointSlice"], "v1beta1", 25, "v1"),
    gone("events.k8s.io", &["Event"], "v1beta1", 25, "v1"),
    gone("autoscaling", &["HorizontalPodAutoscaler"], "v2beta1", 25, "v2"),
    gone("policy", &["PodDisruptionBudget"], "v1beta1", 25, "v1"),
    gone("policy", &["PodSecurityPolicy"], "v1beta1", 25, POD_SECURITY),
    gone("node.k8s.io", &["RuntimeClass"], "v1beta1", 25, "v1"),
    gone("autoscaling", &["HorizontalPodAutoscaler"], "v2beta2", 26, "v2"),
    gone("flowcontrol.apiserver.k8s.io", FLOW, "v1beta1", 26, "v1"),
    gone("storage.k8s.io", &["CSIStorageCapacity"], "v1beta1", 27, "v1"),
    gone("flowcontrol.apiserver.k8s.io", FLOW, "v1beta2", 29, "v1"),
    gone("flowcontrol.apiserver.k8s.io", FLOW, "v1beta3", 32, "v1"),
];

const CLEANUP: &[&str] = &["CleanupPolicy", "ClusterCleanupPolicy"];
const WEBHOOKS: &[&str] = &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];
const RBAC: &[&str] = &["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"];
const FLOW: &[&str] = &["FlowSchema", "PriorityLevelConfiguration"];
const POLICY: &str = "the policies of policies.kyverno.io/v1";
const NETWORKING: &str = "networking.k8s.io/v1";
const POD_SECURITY: &str = "the labels of Pod Security Admission";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_come_and_go() {
        let cases = [
            ((KUSTOMIZE, "Kustomization", "v1beta2"), (2, 7), Served::Deprecated),
            ((KUSTOMIZE, "Kustomization", "v1beta2"), (2, 8), Served::Removed),
            ((SOURCE, "OCIRepository", "v1"), (2, 5), Served::NotYet),
            ((SOURCE, "OCIRepository", "v1"), (2, 6), Served::Yes),
            ((NOTIFICATION, "Provider", "v1beta3"), (2, 9), Served::Yes),
            ((NOTIFICATION, "Provider", "v1beta3"), (2, 10), Served::Deprecated),
            (("kyverno.io", "ClusterPolicy", "v1"), (1, 16), Served::Yes),
            (("kyverno.io", "ClusterPolicy", "v1"), (1, 19), Served::Deprecated),
            (("kyverno.io", "ClusterPolicy", "v1"), (1, 20), Served::Removed),
            (("batch", "CronJob", "v1beta1"), (1, 24), Served::Deprecated),
            (("batch", "CronJob", "v1beta1"), (1, 25), Served::Removed),
        ];
        for ((group, kind, version), minor, expected) in cases {
            let row = api_version(group, kind, version).unwrap();
            assert_eq!(served(row, minor), expected, "{group}/{version} {kind} in {minor:?}");
        }
        assert_eq!(api_version("batch", "CronJob", "v1"), None);
    }

    #[test]
    fn the_newest_version_depends_on_the_minor() {
        let newest = |kind, minor| newest_served(HELM, kind, minor);
        assert_eq!(newest("HelmRelease", (2, 2)), Some("v2beta2"));
        assert_eq!(newest("HelmRelease", (2, 3)), Some("v2"));
        assert_eq!(newest("Kustomization", (2, 3)), None);
    }

    #[test]
    fn each_kind_and_version_has_one_row_in_the_order_of_its_life() {
        let keys: Vec<_> =
            TABLE.iter().flat_map(|row| row.kinds.iter().map(move |kind| (row.group, *kind, row.version))).collect();
        let mut once = keys.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), keys.len());
        for row in TABLE {
            let life = [Some(row.since), row.deprecated, row.removed];
            assert!(life.iter().flatten().is_sorted(), "{row:?}");
            assert_eq!(row.deprecated.is_some(), row.instead.is_some(), "{row:?}");
        }
    }
}
