//! Which lists a strategic merge merges, and by which keys: the built-in schema of Kubernetes 1.21 that kustomize 5.8.1
//! holds (kustomize-semantics, section 6.3). Only lists that a merge can reach are here.

/// The fields of a type that lead to lists with merge keys.
#[derive(Debug)]
pub(super) struct Builtin {
    fields: &'static [(&'static str, BuiltinField)],
}

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum BuiltinField {
    Object(&'static Builtin),
    /// A list with its keys and the type of its elements.
    List(&'static [&'static str], &'static Builtin),
}

impl Builtin {
    /// What a field holds, as far as it matters.
    pub(super) fn field(&self, name: &str) -> Option<BuiltinField> {
        self.fields.iter().find(|(field, _)| *field == name).map(|(_, field)| *field)
    }
}

/// The shape of a type; unknown types have none, so that all their lists are replaced.
pub(super) fn shape_of(api_version: &str, kind: &str) -> Option<&'static Builtin> {
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

const fn list(keys: &'static [&'static str], element: &'static Builtin) -> BuiltinField {
    BuiltinField::List(keys, element)
}

const fn by(keys: &'static [&'static str]) -> BuiltinField {
    list(keys, &LEAF)
}

const META: (&str, BuiltinField) = ("metadata", BuiltinField::Object(&OBJECT_META));
const STATUS: (&str, BuiltinField) = ("status", BuiltinField::Object(&CONDITIONS));

static LEAF: Builtin = Builtin { fields: &[] };
static OBJECT_META: Builtin = Builtin { fields: &[("finalizers", by(&[])), ("ownerReferences", by(&["uid"]))] };
static OBJECT: Builtin = Builtin { fields: &[META] };
static CONDITIONS: Builtin = Builtin { fields: &[("conditions", by(&["type"]))] };
static WITH_CONDITIONS: Builtin = Builtin { fields: &[META, STATUS] };

static CONTAINER: Builtin = Builtin {
    fields: &[
        ("env", by(&["name"])),
        ("ports", by(&["containerPort", "protocol"])),
        ("volumeDevices", by(&["devicePath"])),
        ("volumeMounts", by(&["mountPath"])),
    ],
};
static EPHEMERAL_CONTAINER: Builtin = Builtin {
    fields: &[("env", by(&["name"])), ("volumeDevices", by(&["devicePath"])), ("volumeMounts", by(&["mountPath"]))],
};
static VOLUME: Builtin = Builtin { fields: &[("ephemeral", BuiltinField::Object(&EPHEMERAL_VOLUME))] };
static EPHEMERAL_VOLUME: Builtin = Builtin { fields: &[("volumeClaimTemplate", BuiltinField::Object(&OBJECT))] };

static POD_SPEC: Builtin = Builtin {
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
static POD: Builtin = Builtin {
    fields: &[META, ("spec", BuiltinField::Object(&POD_SPEC)), ("status", BuiltinField::Object(&POD_STATUS))],
};
static POD_STATUS: Builtin = Builtin { fields: &[("conditions", by(&["type"])), ("podIPs", by(&["ip"]))] };
static TEMPLATE: Builtin = Builtin { fields: &[META, ("spec", BuiltinField::Object(&POD_SPEC))] };
static POD_TEMPLATE: Builtin = Builtin { fields: &[META, ("template", BuiltinField::Object(&TEMPLATE))] };
static WORKLOAD: Builtin = Builtin { fields: &[META, ("spec", BuiltinField::Object(&WORKLOAD_SPEC)), STATUS] };
static WORKLOAD_SPEC: Builtin = Builtin { fields: &[("template", BuiltinField::Object(&TEMPLATE))] };
static CRON_JOB: Builtin = Builtin { fields: &[META, ("spec", BuiltinField::Object(&CRON_JOB_SPEC))] };
static CRON_JOB_SPEC: Builtin = Builtin { fields: &[("jobTemplate", BuiltinField::Object(&JOB_TEMPLATE))] };
static JOB_TEMPLATE: Builtin = Builtin { fields: &[META, ("spec", BuiltinField::Object(&WORKLOAD_SPEC))] };

static SERVICE: Builtin = Builtin { fields: &[META, ("spec", BuiltinField::Object(&SERVICE_SPEC)), STATUS] };
static SERVICE_SPEC: Builtin = Builtin { fields: &[("ports", by(&["port", "protocol"]))] };
static SERVICE_ACCOUNT: Builtin = Builtin { fields: &[META, ("secrets", by(&["name"]))] };
static NODE: Builtin = Builtin {
    fields: &[META, ("spec", BuiltinField::Object(&NODE_SPEC)), ("status", BuiltinField::Object(&NODE_STATUS))],
};
static NODE_SPEC: Builtin = Builtin { fields: &[("podCIDRs", by(&[]))] };
static NODE_STATUS: Builtin = Builtin { fields: &[("addresses", by(&["type"])), ("conditions", by(&["type"]))] };
static COMPONENT_STATUS: Builtin = Builtin { fields: &[META, ("conditions", by(&["type"]))] };
static WEBHOOKS: Builtin = Builtin { fields: &[META, ("webhooks", by(&["name"]))] };
static CSI_NODE: Builtin = Builtin { fields: &[META, ("spec", BuiltinField::Object(&CSI_NODE_SPEC))] };
static CSI_NODE_SPEC: Builtin = Builtin { fields: &[("drivers", by(&["name"]))] };
static KUSTOMIZATION: Builtin =
    Builtin { fields: &[("configMapGenerator", by(&["name"])), ("secretGenerator", by(&["name"]))] };
