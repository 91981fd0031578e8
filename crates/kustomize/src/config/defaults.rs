//! The field specs that kustomize 5.8.1 has built in (kustomize-semantics, sections 8 to 10).

use std::sync::LazyLock;

use super::super::field_spec::FieldSpec;
use super::super::id::Gvk;
use super::{NameReference, TransformerConfig};

/// Group, version, kind; empty parts select everything.
type Kind = (&'static str, &'static str, &'static str);

static DEFAULTS: LazyLock<TransformerConfig> = LazyLock::new(|| {
    let mut sorted = TransformerConfig::default();
    // Merging into an empty config sorts; the built-in specs do not conflict.
    let _ = sorted.merge(&unsorted());
    sorted
});

const ANY: Kind = ("", "", "");
const DEPLOYMENT: Kind = ("", "", "Deployment");
const REPLICA_SET: Kind = ("", "", "ReplicaSet");
const DAEMON_SET: Kind = ("", "", "DaemonSet");
const STATEFUL_SET: Kind = ("", "", "StatefulSet");
const APPS_STATEFUL_SET: Kind = ("apps", "", "StatefulSet");
const REPLICATION_CONTROLLER: Kind = ("", "", "ReplicationController");
const POD: Kind = ("", "", "Pod");
const POD_TEMPLATE: Kind = ("", "", "PodTemplate");
const JOB: Kind = ("", "", "Job");
const CRON_JOB: Kind = ("", "", "CronJob");
const INGRESS: Kind = ("", "", "Ingress");
const ROLE: Kind = ("", "", "Role");
const CLUSTER_ROLE: Kind = ("", "", "ClusterRole");
const STORAGE_CLASS: Kind = ("", "", "StorageClass");
const RBAC: &str = "rbac.authorization.k8s.io";

/// Workloads with a pod template, and where its spec is.
const WORKLOADS: [(Kind, &str); 8] = [
    (("", "v1", "Pod"), "spec/"),
    (POD_TEMPLATE, "template/spec/"),
    (DEPLOYMENT, "spec/template/spec/"),
    (REPLICA_SET, "spec/template/spec/"),
    (DAEMON_SET, "spec/template/spec/"),
    (STATEFUL_SET, "spec/template/spec/"),
    (JOB, "spec/template/spec/"),
    (CRON_JOB, "spec/jobTemplate/spec/template/spec/"),
];

/// Workloads whose service account, claims and priority class are followed (not ReplicaSet, not PodTemplate).
const ACCOUNT_WORKLOADS: [(Kind, &str); 7] = [
    (POD, "spec/"),
    (STATEFUL_SET, "spec/template/spec/"),
    (DEPLOYMENT, "spec/template/spec/"),
    (REPLICATION_CONTROLLER, "spec/template/spec/"),
    (CRON_JOB, "spec/jobTemplate/spec/template/spec/"),
    (JOB, "spec/template/spec/"),
    (DAEMON_SET, "spec/template/spec/"),
];

/// Workloads whose templates get annotations and labels, and where the metadata is.
const TEMPLATES: [(Kind, &str); 8] = [
    (("", "v1", "ReplicationController"), "spec/template/metadata/"),
    (DEPLOYMENT, "spec/template/metadata/"),
    (REPLICA_SET, "spec/template/metadata/"),
    (DAEMON_SET, "spec/template/metadata/"),
    (STATEFUL_SET, "spec/template/metadata/"),
    (("batch", "", "Job"), "spec/template/metadata/"),
    (("batch", "", "CronJob"), "spec/jobTemplate/metadata/"),
    (("batch", "", "CronJob"), "spec/jobTemplate/spec/template/metadata/"),
];

impl TransformerConfig {
    /// The built-in specs.
    pub(in super::super) fn builtin() -> &'static Self {
        &DEFAULTS
    }
}

fn unsorted() -> TransformerConfig {
    TransformerConfig {
        name_prefix: vec![spec(ANY, "metadata/name", false)],
        name_suffix: vec![spec(ANY, "metadata/name", false)],
        namespace: namespace(),
        common_labels: [selectors(), template_labels()].concat(),
        labels: Vec::new(),
        template_labels: template_labels(),
        common_annotations: annotations(),
        name_reference: name_references(),
        var_reference: var_references(),
        images: images(),
        replicas: [DEPLOYMENT, REPLICATION_CONTROLLER, REPLICA_SET, STATEFUL_SET]
            .map(|kind| spec(kind, "spec/replicas", true))
            .to_vec(),
    }
}

/// Fields in which `$(VAR)` is resolved.
fn var_references() -> Vec<FieldSpec> {
    const IN_POD: [&str; 8] = [
        "containers/args",
        "containers/command",
        "containers/env/value",
        "containers/volumeMounts/mountPath",
        "initContainers/args",
        "initContainers/command",
        "initContainers/env/value",
        "initContainers/volumeMounts/mountPath",
    ];
    const TEMPLATE: &str = "spec/template/spec/";
    const PODS: [(Kind, &str, &str); 7] = [
        (CRON_JOB, "spec/jobTemplate/spec/template/spec/", "spec/jobTemplate/spec/template/volumes/nfs/server"),
        (DAEMON_SET, TEMPLATE, "spec/template/spec/volumes/nfs/server"),
        (DEPLOYMENT, TEMPLATE, "spec/template/spec/volumes/nfs/server"),
        (JOB, TEMPLATE, "spec/template/spec/volumes/nfs/server"),
        (POD, "spec/", "spec/volumes/nfs/server"),
        (REPLICA_SET, TEMPLATE, "spec/template/spec/volumes/nfs/server"),
        (STATEFUL_SET, TEMPLATE, "spec/volumeClaimTemplates/spec/nfs/server"),
    ];
    let others = [
        (DEPLOYMENT, "spec/template/metadata/annotations"),
        (INGRESS, "spec/rules/host"),
        (INGRESS, "spec/tls/hosts"),
        (INGRESS, "spec/tls/secretName"),
        (("", "", "Service"), "spec/ports/port"),
        (("", "", "Service"), "spec/ports/targetPort"),
        (("", "", "PersistentVolume"), "spec/nfs/server"),
        (ANY, "metadata/labels"),
        (ANY, "metadata/annotations"),
    ];
    let in_pods =
        PODS.iter().flat_map(|(kind, prefix, _)| IN_POD.map(|path| spec(*kind, &format!("{prefix}{path}"), false)));
    let servers = PODS.iter().map(|(kind, _, path)| spec(*kind, path, false));
    in_pods.chain(servers).chain(others.map(|(kind, path)| spec(kind, path, false))).collect()
}

fn namespace() -> Vec<FieldSpec> {
    vec![
        spec(("", "", "Namespace"), "metadata/name", true),
        spec(("apiregistration.k8s.io", "", "APIService"), "spec/service/namespace", true),
        spec(
            ("apiextensions.k8s.io", "", "CustomResourceDefinition"),
            "spec/conversion/webhook/clientConfig/service/namespace",
            false,
        ),
    ]
}

fn images() -> Vec<FieldSpec> {
    let fields = ["containers[]/image", "initContainers[]/image", "volumes[]/image/reference"];
    let below = |prefix: &'static str| fields.map(|field| spec(ANY, &format!("{prefix}{field}"), true));
    [below("spec/"), below("spec/template/spec/")].concat()
}

fn selectors() -> Vec<FieldSpec> {
    let network_policy = ("networking.k8s.io", "", "NetworkPolicy");
    let mut specs = vec![
        spec(("", "v1", "Service"), "spec/selector", true),
        spec(("", "v1", "ReplicationController"), "spec/selector", true),
        spec(DEPLOYMENT, "spec/selector/matchLabels", true),
        spec(REPLICA_SET, "spec/selector/matchLabels", true),
        spec(DAEMON_SET, "spec/selector/matchLabels", true),
        spec(APPS_STATEFUL_SET, "spec/selector/matchLabels", true),
        spec(("batch", "", "Job"), "spec/selector/matchLabels", false),
        spec(("batch", "", "CronJob"), "spec/jobTemplate/spec/selector/matchLabels", false),
        spec(("policy", "", "PodDisruptionBudget"), "spec/selector/matchLabels", false),
        spec(network_policy, "spec/podSelector/matchLabels", false),
        spec(network_policy, "spec/ingress/from/podSelector/matchLabels", false),
        spec(network_policy, "spec/egress/to/podSelector/matchLabels", false),
    ];
    for kind in [("apps", "", "Deployment"), APPS_STATEFUL_SET] {
        for affinity in ["podAffinity", "podAntiAffinity"] {
            let base = format!("spec/template/spec/affinity/{affinity}");
            let preferred = "preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm";
            for term in [preferred, "requiredDuringSchedulingIgnoredDuringExecution"] {
                specs.push(spec(kind, &format!("{base}/{term}/labelSelector/matchLabels"), false));
            }
        }
        specs.push(spec(kind, "spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels", false));
    }
    specs
}

fn template_labels() -> Vec<FieldSpec> {
    let mut specs = vec![spec(ANY, "metadata/labels", true)];
    for (kind, path) in TEMPLATES {
        let kind = if kind == STATEFUL_SET { APPS_STATEFUL_SET } else { kind };
        specs.push(spec(kind, &format!("{path}labels"), true));
    }
    specs.push(spec(APPS_STATEFUL_SET, "spec/volumeClaimTemplates[]/metadata/labels", true));
    specs
}

fn annotations() -> Vec<FieldSpec> {
    let templates = TEMPLATES.map(|(kind, path)| spec(kind, &format!("{path}annotations"), true));
    std::iter::once(spec(ANY, "metadata/annotations", true)).chain(templates).collect()
}

fn name_references() -> Vec<NameReference> {
    let mut references = [DEPLOYMENT, REPLICATION_CONTROLLER, REPLICA_SET, STATEFUL_SET]
        .map(|target| reference(target, &[(("", "", "HorizontalPodAutoscaler"), "spec/scaleTargetRef/name")]))
        .to_vec();
    references.extend([config_map(), secret(), service(), service_account(), claim()]);
    references.extend(rbac());
    references.extend(storage());
    references.extend([
        priority_class(),
        // Written with the version inside the group: matches nothing.
        reference(("networking.k8s.io/v1", "v1", "IngressClass"), &[(INGRESS, "spec/ingressClassName")]),
        reference(
            ("admissionregistration.k8s.io", "", "ValidatingAdmissionPolicy"),
            &[(("admissionregistration.k8s.io", "", "ValidatingAdmissionPolicyBinding"), "spec/policyName")],
        ),
    ]);
    references
}

fn config_map() -> NameReference {
    let mut referrers = in_workloads(
        &WORKLOADS,
        &[
            "volumes/configMap/name",
            "containers/env/valueFrom/configMapKeyRef/name",
            "initContainers/env/valueFrom/configMapKeyRef/name",
            "containers/envFrom/configMapRef/name",
            "initContainers/envFrom/configMapRef/name",
            "volumes/projected/sources/configMap/name",
        ],
    );
    referrers.extend([
        spec(("", "", "Node"), "spec/configSource/configMap", false),
        spec(ROLE, "rules/resourceNames", false),
        spec(CLUSTER_ROLE, "rules/resourceNames", false),
        spec(INGRESS, r"metadata/annotations/nginx.ingress.kubernetes.io\/fastcgi-params-configmap", false),
    ]);
    NameReference { target: gvk(("", "v1", "ConfigMap")), referrers }
}

fn secret() -> NameReference {
    let mut referrers = in_workloads(
        &WORKLOADS,
        &[
            "volumes/secret/secretName",
            "containers/env/valueFrom/secretKeyRef/name",
            "initContainers/env/valueFrom/secretKeyRef/name",
            "containers/envFrom/secretRef/name",
            "initContainers/envFrom/secretRef/name",
            "imagePullSecrets/name",
            "volumes/projected/sources/secret/name",
        ],
    );
    let others = [
        (INGRESS, "spec/tls/secretName"),
        (INGRESS, r"metadata/annotations/ingress.kubernetes.io\/auth-secret"),
        (INGRESS, r"metadata/annotations/nginx.ingress.kubernetes.io\/auth-secret"),
        (INGRESS, r"metadata/annotations/nginx.ingress.kubernetes.io\/auth-tls-secret"),
        (("", "", "ServiceAccount"), "imagePullSecrets/name"),
        (STORAGE_CLASS, "parameters/secretName"),
        (STORAGE_CLASS, "parameters/adminSecretName"),
        (STORAGE_CLASS, "parameters/userSecretName"),
        (STORAGE_CLASS, "parameters/secretRef"),
        (ROLE, "rules/resourceNames"),
        (CLUSTER_ROLE, "rules/resourceNames"),
        (("serving.knative.dev", "v1", "Service"), "spec/template/spec/containers/env/valueFrom/secretKeyRef/name"),
        (("", "", "PersistentVolume"), "spec/azureFile/secretName"),
    ];
    referrers.extend(others.map(|(kind, path)| spec(kind, path, false)));
    NameReference { target: gvk(("", "v1", "Secret")), referrers }
}

fn service() -> NameReference {
    let admission = |kind| ("admissionregistration.k8s.io", "", kind);
    reference(
        ("", "v1", "Service"),
        &[
            (APPS_STATEFUL_SET, "spec/serviceName"),
            (INGRESS, "spec/rules/http/paths/backend/serviceName"),
            (INGRESS, "spec/backend/serviceName"),
            (INGRESS, "spec/rules/http/paths/backend/service/name"),
            (INGRESS, "spec/defaultBackend/service/name"),
            (("apiregistration.k8s.io", "", "APIService"), "spec/service/name"),
            (admission("ValidatingWebhookConfiguration"), "webhooks/clientConfig/service"),
            (admission("MutatingWebhookConfiguration"), "webhooks/clientConfig/service"),
        ],
    )
}

fn rbac() -> [NameReference; 2] {
    let role_binding = ((RBAC, "", "RoleBinding"), "roleRef/name");
    [
        reference((RBAC, "", "Role"), &[role_binding]),
        reference((RBAC, "", "ClusterRole"), &[role_binding, ((RBAC, "", "ClusterRoleBinding"), "roleRef/name")]),
    ]
}

fn service_account() -> NameReference {
    let mut referrers = vec![
        spec((RBAC, "", "RoleBinding"), "subjects", false),
        spec((RBAC, "", "ClusterRoleBinding"), "subjects", false),
    ];
    referrers.extend(in_workloads(&ACCOUNT_WORKLOADS, &["serviceAccountName"]));
    NameReference { target: gvk(("", "v1", "ServiceAccount")), referrers }
}

fn claim() -> NameReference {
    let referrers = in_workloads(&ACCOUNT_WORKLOADS, &["volumes/persistentVolumeClaim/claimName"]);
    NameReference { target: gvk(("", "v1", "PersistentVolumeClaim")), referrers }
}

fn priority_class() -> NameReference {
    let referrers = in_workloads(&ACCOUNT_WORKLOADS, &["priorityClassName"]);
    NameReference { target: gvk(("scheduling.k8s.io", "v1", "PriorityClass")), referrers }
}

fn storage() -> [NameReference; 2] {
    [
        reference(
            ("", "v1", "PersistentVolume"),
            &[(("", "", "PersistentVolumeClaim"), "spec/volumeName"), (CLUSTER_ROLE, "rules/resourceNames")],
        ),
        reference(
            ("storage.k8s.io", "v1", "StorageClass"),
            &[
                (("", "", "PersistentVolume"), "spec/storageClassName"),
                (("", "", "PersistentVolumeClaim"), "spec/storageClassName"),
                (STATEFUL_SET, "spec/volumeClaimTemplates/spec/storageClassName"),
            ],
        ),
    ]
}

fn in_workloads(workloads: &[(Kind, &str)], fields: &[&str]) -> Vec<FieldSpec> {
    let of_workload = |&(kind, prefix): &(Kind, &str)| {
        fields.iter().map(|field| spec(kind, &format!("{prefix}{field}"), false)).collect::<Vec<_>>()
    };
    workloads.iter().flat_map(of_workload).collect()
}

fn reference(target: Kind, referrers: &[(Kind, &str)]) -> NameReference {
    let referrers = referrers.iter().map(|&(kind, path)| spec(kind, path, false)).collect();
    NameReference { target: gvk(target), referrers }
}

fn spec(kind: Kind, path: &str, create: bool) -> FieldSpec {
    FieldSpec { gvk: gvk(kind), path: path.into(), create }
}

fn gvk((group, version, kind): Kind) -> Gvk {
    Gvk { group: group.into(), version: version.into(), kind: kind.into() }
}
