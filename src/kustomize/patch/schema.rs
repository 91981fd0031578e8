//! Which lists a strategic merge merges, and by which keys: the built-in schema of Kubernetes 1.21 that kustomize 5.8.1
//! holds (kustomize-semantics, section 6.3). Only lists that a merge can reach stand here.

/// The fields of a type that lead to lists with merge keys.
#[derive(Debug)]
pub(super) struct Shape {
    fields: &'static [(&'static str, Field)],
}

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Field {
    Object(&'static Shape),
    List(ListShape),
}

/// A list whose elements are told apart by the values of keys; without keys by themselves.
#[derive(Clone, Copy, Debug)]
pub(super) struct ListShape {
    pub(super) keys: &'static [&'static str],
    pub(super) element: &'static Shape,
}

impl Shape {
    /// What a field holds, as far as it matters.
    pub(super) fn field(&self, name: &str) -> Option<Field> {
        self.fields.iter().find(|(field, _)| *field == name).map(|(_, field)| *field)
    }
}

/// The shape of a type; unknown types have none, so that all their lists are replaced.
pub(super) fn shape_of(api_version: &str, kind: &str) -> Option<&'static Shape> {
    let shape = match (api_version, kind) {
        ("apps/v1", "DaemonSet" | "Deployment" | "ReplicaSet" | "StatefulSet")
        | ("batch/v1", "Job")
        | ("v1", "ReplicationController") => &WORKLOAD,
        ("batch/v1" | "batch/v1beta1", "CronJob") => &CRON_JOB,
        ("v1", "Pod") => &POD,
        ("v1", "PodTemplate") => &POD_TEMPLATE,
        ("v1", "Service") => &SERVICE,
        ("v1", "ServiceAccount") => &SERVICE_ACCOUNT,
        ("v1", "Node") => &NODE,
        ("v1", "ComponentStatus") => &COMPONENT_STATUS,
        ("v1", "Namespace" | "PersistentVolumeClaim")
        | ("apiregistration.k8s.io/v1" | "apiregistration.k8s.io/v1beta1", "APIService")
        | ("policy/v1" | "policy/v1beta1", "PodDisruptionBudget") => &WITH_CONDITIONS,
        (
            "admissionregistration.k8s.io/v1" | "admissionregistration.k8s.io/v1beta1",
            "MutatingWebhookConfiguration" | "ValidatingWebhookConfiguration",
        ) => &WEBHOOKS,
        ("storage.k8s.io/v1" | "storage.k8s.io/v1beta1", "CSINode") => &CSI_NODE,
        ("kustomize.config.k8s.io/v1beta1", "Kustomization") => &KUSTOMIZATION,
        _ if is_plain_object(api_version, kind) => &OBJECT,
        _ => return None,
    };
    Some(shape)
}

/// Types of which only the metadata hold lists with merge keys.
fn is_plain_object(api_version: &str, kind: &str) -> bool {
    let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
    let kinds: &[&str] = match (group, version) {
        ("", "v1") => {
            &["Binding", "ConfigMap", "Endpoints", "Event", "LimitRange", "PersistentVolume", "ResourceQuota", "Secret"]
        }
        ("apiextensions.k8s.io", "v1" | "v1beta1") => &["CustomResourceDefinition"],
        ("apps", "v1") => &["ControllerRevision"],
        ("authentication.k8s.io", "v1") => &["TokenRequest", "TokenReview"],
        ("authentication.k8s.io", "v1beta1") => &["TokenReview"],
        ("authorization.k8s.io", "v1" | "v1beta1") => {
            &["LocalSubjectAccessReview", "SelfSubjectAccessReview", "SelfSubjectRulesReview", "SubjectAccessReview"]
        }
        ("autoscaling", "v1") => &["HorizontalPodAutoscaler", "Scale"],
        ("autoscaling", "v2beta1" | "v2beta2") => &["HorizontalPodAutoscaler"],
        ("certificates.k8s.io", "v1" | "v1beta1") => &["CertificateSigningRequest"],
        ("coordination.k8s.io", "v1" | "v1beta1") => &["Lease"],
        ("discovery.k8s.io", "v1" | "v1beta1") => &["EndpointSlice"],
        ("events.k8s.io", "v1" | "v1beta1") => &["Event"],
        ("extensions", "v1beta1") => &["Ingress"],
        ("flowcontrol.apiserver.k8s.io", "v1beta1") => &["FlowSchema", "PriorityLevelConfiguration"],
        ("networking.k8s.io", "v1") => &["Ingress", "IngressClass", "NetworkPolicy"],
        ("networking.k8s.io", "v1beta1") => &["Ingress", "IngressClass"],
        ("node.k8s.io", "v1" | "v1beta1") => &["RuntimeClass"],
        ("policy", "v1beta1") => &["Eviction", "PodSecurityPolicy"],
        ("rbac.authorization.k8s.io", "v1" | "v1beta1") => {
            &["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"]
        }
        ("scheduling.k8s.io", "v1" | "v1beta1") => &["PriorityClass"],
        ("storage.k8s.io", "v1") => &["CSIDriver", "StorageClass", "VolumeAttachment"],
        ("storage.k8s.io", "v1beta1") => &["CSIDriver", "CSIStorageCapacity", "StorageClass", "VolumeAttachment"],
        _ => &[],
    };
    kinds.contains(&kind)
}

const fn list(keys: &'static [&'static str], element: &'static Shape) -> Field {
    Field::List(ListShape { keys, element })
}

const fn by(keys: &'static [&'static str]) -> Field {
    list(keys, &LEAF)
}

const META: (&str, Field) = ("metadata", Field::Object(&OBJECT_META));
const STATUS: (&str, Field) = ("status", Field::Object(&CONDITIONS));

static LEAF: Shape = Shape { fields: &[] };
static OBJECT_META: Shape = Shape { fields: &[("finalizers", by(&[])), ("ownerReferences", by(&["uid"]))] };
static OBJECT: Shape = Shape { fields: &[META] };
static CONDITIONS: Shape = Shape { fields: &[("conditions", by(&["type"]))] };
static WITH_CONDITIONS: Shape = Shape { fields: &[META, STATUS] };

static CONTAINER: Shape = Shape {
    fields: &[
        ("env", by(&["name"])),
        ("ports", by(&["containerPort", "protocol"])),
        ("volumeDevices", by(&["devicePath"])),
        ("volumeMounts", by(&["mountPath"])),
    ],
};
static EPHEMERAL_CONTAINER: Shape = Shape {
    fields: &[("env", by(&["name"])), ("volumeDevices", by(&["devicePath"])), ("volumeMounts", by(&["mountPath"]))],
};
static VOLUME: Shape = Shape { fields: &[("ephemeral", Field::Object(&EPHEMERAL_VOLUME))] };
static EPHEMERAL_VOLUME: Shape = Shape { fields: &[("volumeClaimTemplate", Field::Object(&OBJECT))] };

static POD_SPEC: Shape = Shape {
    fields: &[
        ("containers", list(&["name"], &CONTAINER)),
        ("ephemeralContainers", list(&["name"], &EPHEMERAL_CONTAINER)),
        ("hostAliases", by(&["ip"])),
        ("imagePullSecrets", by(&["name"])),
        ("initContainers", list(&["name"], &CONTAINER)),
        ("topologySpreadConstraints", by(&["topologyKey", "whenUnsatisfiable"])),
        ("volumes", list(&["name"], &VOLUME)),
    ],
};
static POD: Shape =
    Shape { fields: &[META, ("spec", Field::Object(&POD_SPEC)), ("status", Field::Object(&POD_STATUS))] };
static POD_STATUS: Shape = Shape { fields: &[("conditions", by(&["type"])), ("podIPs", by(&["ip"]))] };
static TEMPLATE: Shape = Shape { fields: &[META, ("spec", Field::Object(&POD_SPEC))] };
static POD_TEMPLATE: Shape = Shape { fields: &[META, ("template", Field::Object(&TEMPLATE))] };
static WORKLOAD: Shape = Shape { fields: &[META, ("spec", Field::Object(&WORKLOAD_SPEC)), STATUS] };
static WORKLOAD_SPEC: Shape = Shape { fields: &[("template", Field::Object(&TEMPLATE))] };
static CRON_JOB: Shape = Shape { fields: &[META, ("spec", Field::Object(&CRON_JOB_SPEC))] };
static CRON_JOB_SPEC: Shape = Shape { fields: &[("jobTemplate", Field::Object(&JOB_TEMPLATE))] };
static JOB_TEMPLATE: Shape = Shape { fields: &[META, ("spec", Field::Object(&WORKLOAD_SPEC))] };

static SERVICE: Shape = Shape { fields: &[META, ("spec", Field::Object(&SERVICE_SPEC)), STATUS] };
static SERVICE_SPEC: Shape = Shape { fields: &[("ports", by(&["port", "protocol"]))] };
static SERVICE_ACCOUNT: Shape = Shape { fields: &[META, ("secrets", by(&["name"]))] };
static NODE: Shape =
    Shape { fields: &[META, ("spec", Field::Object(&NODE_SPEC)), ("status", Field::Object(&NODE_STATUS))] };
static NODE_SPEC: Shape = Shape { fields: &[("podCIDRs", by(&[]))] };
static NODE_STATUS: Shape = Shape { fields: &[("addresses", by(&["type"])), ("conditions", by(&["type"]))] };
static COMPONENT_STATUS: Shape = Shape { fields: &[META, ("conditions", by(&["type"]))] };
static WEBHOOKS: Shape = Shape { fields: &[META, ("webhooks", by(&["name"]))] };
static CSI_NODE: Shape = Shape { fields: &[META, ("spec", Field::Object(&CSI_NODE_SPEC))] };
static CSI_NODE_SPEC: Shape = Shape { fields: &[("drivers", by(&["name"]))] };
static KUSTOMIZATION: Shape =
    Shape { fields: &[("configMapGenerator", by(&["name"])), ("secretGenerator", by(&["name"]))] };
