//! Kubernetes objects of the kinds that kustomize treats specially, and some that it does not know.

use super::rng::Rng;
use super::text::{Y, flow, write};
use super::values::{DATA_KEYS, IMAGES, LABEL_KEYS, NAMESPACES, entries, scalar, string, tree};

/// An object of a tree, as later layers refer to it.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    pub(crate) api_version: String,
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) namespace: Option<String>,
    pub(crate) value: Y,
}

const KINDS: &[(&str, &str)] = &[
    ("v1", "ConfigMap"),
    ("v1", "ConfigMap"),
    ("v1", "Secret"),
    ("apps/v1", "Deployment"),
    ("apps/v1", "Deployment"),
    ("apps/v1", "Deployment"),
    ("apps/v1", "StatefulSet"),
    ("apps/v1", "DaemonSet"),
    ("apps/v1", "ReplicaSet"),
    ("batch/v1", "Job"),
    ("batch/v1", "CronJob"),
    ("v1", "Pod"),
    ("v1", "ReplicationController"),
    ("v1", "Service"),
    ("v1", "Service"),
    ("v1", "ServiceAccount"),
    ("rbac.authorization.k8s.io/v1", "Role"),
    ("rbac.authorization.k8s.io/v1", "RoleBinding"),
    ("rbac.authorization.k8s.io/v1", "ClusterRole"),
    ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"),
    ("networking.k8s.io/v1", "Ingress"),
    ("networking.k8s.io/v1", "NetworkPolicy"),
    ("v1", "Namespace"),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
    ("x.io/v1", "Widget"),
    ("x.io/v1", "Widget"),
    ("autoscaling/v2", "HorizontalPodAutoscaler"),
    ("policy/v1", "PodDisruptionBudget"),
    ("v1", "PersistentVolumeClaim"),
    ("v1", "PersistentVolume"),
    ("storage.k8s.io/v1", "StorageClass"),
    ("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration"),
    ("apiregistration.k8s.io/v1", "APIService"),
    ("networking.k8s.io/v1", "IngressClass"),
    ("scheduling.k8s.io/v1", "PriorityClass"),
    ("helm.toolkit.fluxcd.io/v2", "HelmRelease"),
    ("kustomize.toolkit.fluxcd.io/v1", "Kustomization"),
    ("argoproj.io/v1alpha1", "Rollout"),
    ("apps/v1beta1", "Deployment"),
    ("v1", "PodTemplate"),
];

/// An object of a random kind.
pub(crate) fn object(rng: &mut Rng, names: &[&str]) -> Object {
    let (api_version, kind) = rng.one(KINDS).copied().unwrap_or(("v1", "ConfigMap"));
    let name = rng.pick(names).to_owned();
    let namespace = rng.chance(35).then(|| rng.pick(NAMESPACES).to_owned());
    let mut value = Y::map(vec![
        ("apiVersion", Y::scalar(api_version)),
        ("kind", Y::scalar(kind)),
        ("metadata", metadata(rng, &name, namespace.as_deref())),
    ]);
    body(rng, kind, &mut value);
    if rng.chance(8) {
        value.set("status", tree(rng, 2));
    }
    Object { api_version: api_version.to_owned(), kind: kind.to_owned(), name, namespace, value }
}

fn metadata(rng: &mut Rng, name: &str, namespace: Option<&str>) -> Y {
    let mut metadata = Y::map(vec![("name", Y::scalar(name))]);
    if let Some(namespace) = namespace {
        metadata.set("namespace", Y::scalar(namespace));
    }
    if rng.chance(45) {
        metadata.set("labels", labels(rng));
    }
    if rng.chance(30) {
        metadata.set("annotations", annotations(rng));
    }
    if rng.chance(6) {
        metadata.set("finalizers", Y::List(vec![Y::scalar("x.io/f"), Y::scalar("y.io/f")]));
    }
    if rng.chance(5) {
        metadata.set("creationTimestamp", Y::scalar("null"));
    }
    if rng.chance(4) {
        let owner = vec![
            ("apiVersion", Y::scalar("v1")),
            ("kind", Y::scalar("ConfigMap")),
            ("name", Y::scalar("cfg")),
            ("uid", Y::scalar(rng.pick(&["u1", "\"1\"", "1"]))),
        ];
        metadata.set("ownerReferences", Y::List(vec![Y::map(owner)]));
    }
    metadata
}

pub(crate) fn labels(rng: &mut Rng) -> Y {
    match rng.below(20) {
        0 => Y::Map(Vec::new()),
        1 => Y::scalar(rng.pick(&["", "null", "~"])),
        2..=5 => entries(rng, LABEL_KEYS, 3, scalar),
        _ => entries(rng, LABEL_KEYS, 3, |rng| Y::scalar(rng.pick(&["a", "b", "web", "v1", "\"1\""]))),
    }
}

fn annotations(rng: &mut Rng) -> Y {
    let keys = &[
        "note",
        "x.io/a",
        "config.kubernetes.io/local-config",
        "internal.config.kubernetes.io/x",
        "nginx.ingress.kubernetes.io/auth-secret",
        "a-b.io/z",
        "config.kubernetes.io/index",
    ];
    match rng.below(16) {
        0 => Y::Map(Vec::new()),
        1 => Y::scalar(""),
        2 => entries(rng, keys, 2, |rng| tree(rng, 1)),
        3 => entries(rng, keys, 2, |rng| Y::scalar(rng.pick(&["\"true\"", "\"false\"", "cfg"]))),
        _ => entries(rng, &["note", "x.io/a", "a-b.io/z", "k"], 3, scalar),
    }
}

fn body(rng: &mut Rng, kind: &str, value: &mut Y) {
    match kind {
        "ConfigMap" => data(rng, value, &["data", "data", "data", "binaryData"]),
        "Secret" => {
            data(rng, value, &["data", "stringData"]);
            if rng.chance(50) {
                value.set("type", Y::scalar("Opaque"));
            }
        }
        "Namespace" | "IngressClass" => {}
        "ServiceAccount" => {
            if rng.chance(60) {
                value.set("imagePullSecrets", Y::List(vec![reference(rng)]));
            }
            if rng.chance(40) {
                value.set("secrets", Y::List(vec![reference(rng), reference(rng)]));
            }
        }
        "Role" | "ClusterRole" => value.set("rules", rules(rng)),
        "RoleBinding" | "ClusterRoleBinding" => binding(rng, kind, value),
        "StorageClass" => value.set(
            "parameters",
            entries(rng, &["secretName", "adminSecretName", "x"], 2, |rng| Y::scalar(rng.pick(&["a", "cfg", "b"]))),
        ),
        "PriorityClass" => value.set("value", Y::scalar("1000000")),
        "ValidatingWebhookConfiguration" => value.set("webhooks", webhooks(rng)),
        _ => {
            let spec = spec(rng, kind);
            let key = if kind == "PodTemplate" { "template" } else { "spec" };
            value.set(key, spec);
        }
    }
}

fn data(rng: &mut Rng, value: &mut Y, keys: &[&str]) {
    if rng.chance(90) {
        let key = rng.pick(keys);
        let data =
            if rng.chance(6) { Y::scalar(rng.pick(&["", "{}", "null"])) } else { entries(rng, DATA_KEYS, 4, scalar) };
        value.set(key, data);
        if rng.chance(25)
            && let Some(mut data) = value.get(key).cloned()
        {
            data.set("config", document(rng));
            value.set(key, data);
        }
    }
    if rng.chance(5) {
        value.set("immutable", Y::scalar("true"));
    }
}

/// A configuration as text: YAML, or JSON.
fn document(rng: &mut Rng) -> Y {
    let mut value = Y::map(vec![("name", scalar(rng))]);
    for _ in 0..rng.between(1, 4) {
        let key = rng.pick(&["a", "b", "list", "server", "x.y", "level"]);
        value.set(key, tree(rng, 3));
    }
    let json = if rng.chance(20) { flow(&value, true) } else { None };
    let text = json.unwrap_or_else(|| write(&value, true, rng));
    Y::Document(Box::new(value), text.lines().map(str::to_owned).collect())
}

fn spec(rng: &mut Rng, kind: &str) -> Y {
    match kind {
        "Pod" => pod(rng),
        "Deployment"
        | "StatefulSet"
        | "DaemonSet"
        | "ReplicaSet"
        | "ReplicationController"
        | "Rollout"
        | "Job"
        | "PodTemplate" => workload(rng, kind),
        "CronJob" => Y::map(vec![
            ("schedule", Y::scalar("'* * * * *'")),
            ("jobTemplate", Y::map(vec![("spec", workload(rng, "Job"))])),
        ]),
        "Service" => service(rng),
        "Ingress" => ingress(rng),
        "NetworkPolicy" => {
            let peer = Y::map(vec![("podSelector", Y::map(vec![("matchLabels", labels(rng))]))]);
            let from = Y::map(vec![("from", Y::List(vec![peer]))]);
            Y::map(vec![("podSelector", selector(rng)), ("ingress", Y::List(vec![from]))])
        }
        "CustomResourceDefinition" => definition(rng),
        "HorizontalPodAutoscaler" => {
            let kind = rng.pick(&["Deployment", "StatefulSet"]);
            let target = vec![("apiVersion", Y::scalar("apps/v1")), ("kind", Y::scalar(kind)), ("name", name(rng))];
            Y::map(vec![("scaleTargetRef", Y::map(target)), ("maxReplicas", Y::scalar("3"))])
        }
        "PodDisruptionBudget" => Y::map(vec![("minAvailable", scalar(rng)), ("selector", selector(rng))]),
        "PersistentVolumeClaim" => claim(rng),
        "PersistentVolume" => Y::map(vec![
            ("storageClassName", name(rng)),
            ("claimRef", Y::map(vec![("name", name(rng)), ("namespace", Y::scalar("x"))])),
        ]),
        "APIService" => Y::map(vec![
            ("service", Y::map(vec![("name", name(rng)), ("namespace", Y::scalar("x"))])),
            ("group", Y::scalar("x.io")),
        ]),
        "HelmRelease" => Y::map(vec![
            ("valuesFrom", Y::List(vec![Y::map(vec![("kind", Y::scalar("ConfigMap")), ("name", name(rng))])])),
            ("values", tree(rng, 3)),
            ("interval", Y::scalar("10m")),
        ]),
        _ => widget(rng),
    }
}

fn widget(rng: &mut Rng) -> Y {
    let mut spec = tree(rng, 3);
    if !matches!(spec, Y::Map(_)) {
        spec = Y::map(vec![("v", spec)]);
    }
    if rng.chance(40) {
        spec.set("configRef", Y::map(vec![("name", name(rng))]));
    }
    if rng.chance(30) {
        spec.set("containers", containers(rng));
    }
    if rng.chance(30) {
        spec.set("replicas", Y::scalar("1"));
    }
    spec
}

fn workload(rng: &mut Rng, kind: &str) -> Y {
    let mut spec = Y::Map(Vec::new());
    if rng.chance(60) {
        spec.set("replicas", Y::scalar(rng.pick(&["1", "2", "\"3\"", ""])));
    }
    if kind != "Job" || rng.chance(10) {
        spec.set("selector", if kind == "ReplicationController" { labels(rng) } else { selector(rng) });
    }
    let mut template = Y::Map(Vec::new());
    if rng.chance(70) {
        template.set("metadata", Y::map(vec![(rng.pick(&["labels", "labels", "annotations"]), labels(rng))]));
    }
    if rng.chance(95) {
        template.set("spec", pod(rng));
    }
    if rng.chance(97) {
        spec.set("template", template);
    }
    if kind == "StatefulSet" {
        spec.set("serviceName", name(rng));
        if rng.chance(50) {
            let claim = Y::map(vec![("metadata", Y::map(vec![("name", name(rng))])), ("spec", claim(rng))]);
            spec.set("volumeClaimTemplates", Y::List(vec![claim]));
        }
    }
    if rng.chance(15) {
        spec.set(
            "strategy",
            Y::map(vec![
                ("type", Y::scalar("RollingUpdate")),
                ("rollingUpdate", Y::map(vec![("maxSurge", scalar(rng))])),
            ]),
        );
    }
    spec
}

fn selector(rng: &mut Rng) -> Y {
    Y::map(vec![("matchLabels", labels(rng))])
}

fn pod(rng: &mut Rng) -> Y {
    let mut spec = Y::Map(Vec::new());
    if rng.chance(95) {
        spec.set("containers", containers(rng));
    }
    if rng.chance(20) {
        spec.set("initContainers", containers(rng));
    }
    if rng.chance(40) {
        spec.set("volumes", volumes(rng));
    }
    if rng.chance(30) {
        spec.set("serviceAccountName", name(rng));
    }
    if rng.chance(15) {
        spec.set("imagePullSecrets", Y::List(vec![reference(rng)]));
    }
    if rng.chance(10) {
        spec.set("priorityClassName", name(rng));
    }
    if rng.chance(12) {
        let toleration = || Y::map(vec![("key", Y::scalar("a")), ("operator", Y::scalar("Exists"))]);
        spec.set("tolerations", Y::List(vec![toleration(), toleration()]));
    }
    if rng.chance(12) {
        spec.set("nodeSelector", labels(rng));
    }
    if rng.chance(12) {
        let key = rng.pick(&["topologyKey", "topologyKey", "other"]);
        let spread = Y::map(vec![
            (key, Y::scalar("zone")),
            ("whenUnsatisfiable", Y::scalar("DoNotSchedule")),
            ("labelSelector", selector(rng)),
        ]);
        spec.set("topologySpreadConstraints", Y::List(vec![spread]));
    }
    if rng.chance(10) {
        let term = Y::map(vec![("labelSelector", selector(rng)), ("topologyKey", Y::scalar("zone"))]);
        let required = Y::map(vec![("requiredDuringSchedulingIgnoredDuringExecution", Y::List(vec![term]))]);
        spec.set("affinity", Y::map(vec![(rng.pick(&["podAntiAffinity", "podAffinity"]), required)]));
    }
    if rng.chance(8) {
        let alias = |ip: &str| Y::map(vec![("ip", Y::scalar(ip)), ("hostnames", Y::List(vec![Y::scalar("h")]))]);
        spec.set("hostAliases", Y::List(vec![alias("1.1.1.1"), alias("2.2.2.2")]));
    }
    spec
}

pub(crate) fn containers(rng: &mut Rng) -> Y {
    match rng.below(30) {
        0 => return Y::List(Vec::new()),
        1 => return Y::scalar(""),
        2 => return Y::List(vec![Y::scalar("null")]),
        _ => {}
    }
    let count = rng.between(1, 3);
    Y::List((0..count).map(|_| container(rng)).collect())
}

fn container(rng: &mut Rng) -> Y {
    let mut container = Y::Map(Vec::new());
    if rng.chance(95) {
        container.set("name", Y::scalar(rng.pick(&["c", "d", "side", "\"1\"", "main"])));
    }
    if rng.chance(90) {
        container.set("image", Y::scalar(rng.pick(IMAGES)));
    }
    if rng.chance(40) {
        let count = rng.between(1, 3);
        container.set("env", Y::List((0..count).map(|_| variable(rng)).collect()));
    }
    if rng.chance(20) {
        let kind = rng.pick(&["configMapRef", "secretRef"]);
        container.set("envFrom", Y::List(vec![Y::map(vec![(kind, reference(rng))])]));
    }
    if rng.chance(35) {
        let count = rng.between(1, 3);
        container.set("ports", Y::List((0..count).map(|_| container_port(rng)).collect()));
    }
    if rng.chance(25) {
        let mount =
            Y::map(vec![("name", Y::scalar("v")), ("mountPath", Y::scalar(rng.pick(&["/a", "/b/$(V)", "\"/c\""])))]);
        container.set("volumeMounts", Y::List(vec![mount]));
    }
    if rng.chance(25) {
        let key = rng.pick(&["args", "command"]);
        container.set(key, Y::List(vec![Y::scalar("--x=$(V)"), scalar(rng), Y::scalar("$(W)")]));
    }
    if rng.chance(20) {
        container.set("resources", Y::map(vec![("limits", entries(rng, &["cpu", "memory"], 2, scalar))]));
    }
    container
}

fn variable(rng: &mut Rng) -> Y {
    let mut variable = Y::map(vec![("name", Y::scalar(rng.pick(&["A", "B", "\"C\"", "Y"])))]);
    match rng.below(5) {
        0 => variable.set(
            "valueFrom",
            Y::map(vec![("configMapKeyRef", Y::map(vec![("name", name(rng)), ("key", Y::scalar("k"))]))]),
        ),
        1 => variable.set(
            "valueFrom",
            Y::map(vec![("secretKeyRef", Y::map(vec![("name", name(rng)), ("key", Y::scalar("k"))]))]),
        ),
        _ => variable.set("value", scalar(rng)),
    }
    variable
}

fn container_port(rng: &mut Rng) -> Y {
    let mut port = Y::map(vec![("containerPort", Y::scalar(rng.pick(&["80", "81", "\"80\""])))]);
    if rng.chance(50) {
        port.set("protocol", Y::scalar(rng.pick(&["TCP", "UDP"])));
    }
    if rng.chance(50) {
        port.set("name", Y::scalar(rng.pick(&["http", "dns"])));
    }
    port
}

fn volumes(rng: &mut Rng) -> Y {
    let count = rng.between(1, 3);
    Y::List((0..count).map(|_| volume(rng)).collect())
}

fn volume(rng: &mut Rng) -> Y {
    let source = match rng.below(6) {
        0 => ("configMap", reference(rng)),
        1 => ("secret", Y::map(vec![("secretName", name(rng))])),
        2 => ("emptyDir", Y::Map(Vec::new())),
        3 => ("persistentVolumeClaim", Y::map(vec![("claimName", name(rng))])),
        4 => ("image", Y::map(vec![("reference", Y::scalar(rng.pick(IMAGES)))])),
        _ => {
            let kind = rng.pick(&["configMap", "secret"]);
            ("projected", Y::map(vec![("sources", Y::List(vec![Y::map(vec![(kind, reference(rng))])]))]))
        }
    };
    let (key, source) = source;
    Y::map(vec![("name", Y::scalar(rng.pick(&["v", "w", "tmp"]))), (key, source)])
}

fn claim(rng: &mut Rng) -> Y {
    Y::map(vec![("storageClassName", name(rng)), ("volumeName", name(rng)), ("resources", tree(rng, 1))])
}

fn service(rng: &mut Rng) -> Y {
    let mut spec = Y::Map(Vec::new());
    if rng.chance(80) {
        spec.set("selector", labels(rng));
    }
    let count = rng.between(1, 3);
    spec.set("ports", Y::List((0..count).map(|_| service_port(rng)).collect()));
    if rng.chance(20) {
        spec.set("clusterIP", scalar(rng));
    }
    spec
}

fn service_port(rng: &mut Rng) -> Y {
    let mut port = Y::map(vec![("port", Y::scalar(rng.pick(&["80", "443", "\"80\"", "8080"])))]);
    if rng.chance(50) {
        port.set("protocol", Y::scalar(rng.pick(&["TCP", "UDP", "\"TCP\""])));
    }
    if rng.chance(50) {
        port.set("targetPort", Y::scalar(rng.pick(&["80", "http", "\"8080\""])));
    }
    if rng.chance(50) {
        port.set("name", Y::scalar(rng.pick(&["http", "https", "\"1\""])));
    }
    port
}

fn ingress(rng: &mut Rng) -> Y {
    let backend = if rng.chance(70) {
        Y::map(vec![(
            "service",
            Y::map(vec![("name", name(rng)), ("port", Y::map(vec![("number", Y::scalar("80"))]))]),
        )])
    } else {
        Y::map(vec![("serviceName", name(rng)), ("servicePort", Y::scalar("80"))])
    };
    let path = Y::map(vec![("path", Y::scalar("/")), ("backend", backend)]);
    let rule =
        Y::map(vec![("host", Y::scalar("a.$(V).example.com")), ("http", Y::map(vec![("paths", Y::List(vec![path]))]))]);
    let tls = Y::map(vec![("hosts", Y::List(vec![Y::scalar("$(V).x")])), ("secretName", name(rng))]);
    Y::map(vec![("ingressClassName", name(rng)), ("rules", Y::List(vec![rule])), ("tls", Y::List(vec![tls]))])
}

fn definition(rng: &mut Rng) -> Y {
    let names = vec![("kind", Y::scalar("Widget")), ("plural", Y::scalar("widgets"))];
    let version = Y::map(vec![("name", Y::scalar("v1")), ("served", scalar(rng)), ("schema", tree(rng, 2))]);
    let mut spec = Y::map(vec![
        ("group", Y::scalar("x.io")),
        ("names", Y::map(names)),
        ("scope", Y::scalar(rng.pick(&["Cluster", "Namespaced"]))),
        ("versions", Y::List(vec![version])),
    ]);
    if rng.chance(40) {
        let service = Y::map(vec![("service", Y::map(vec![("name", name(rng)), ("namespace", Y::scalar("x"))]))]);
        spec.set("conversion", Y::map(vec![("webhook", Y::map(vec![("clientConfig", service)]))]));
    }
    spec
}

fn webhooks(rng: &mut Rng) -> Y {
    let service = Y::map(vec![("name", name(rng)), ("namespace", Y::scalar(rng.pick(NAMESPACES)))]);
    let hook = Y::map(vec![
        ("name", Y::scalar("h.x.io")),
        ("clientConfig", Y::map(vec![("service", service)])),
        ("rules", rules(rng)),
    ]);
    Y::List(vec![hook])
}

fn rules(rng: &mut Rng) -> Y {
    let mut rule = Y::map(vec![
        ("apiGroups", Y::List(vec![Y::scalar("\"\"")])),
        ("resources", Y::List(vec![Y::scalar(rng.pick(&["configmaps", "secrets"]))])),
        ("verbs", Y::List(vec![Y::scalar("get"), Y::scalar("'*'")])),
    ]);
    if rng.chance(60) {
        rule.set("resourceNames", Y::List(vec![name(rng), name(rng)]));
    }
    Y::List(vec![rule])
}

fn binding(rng: &mut Rng, kind: &str, value: &mut Y) {
    let role = if kind == "RoleBinding" && rng.chance(60) { "Role" } else { "ClusterRole" };
    let role =
        vec![("apiGroup", Y::scalar("rbac.authorization.k8s.io")), ("kind", Y::scalar(role)), ("name", name(rng))];
    value.set("roleRef", Y::map(role));
    let count = rng.between(1, 3);
    value.set("subjects", Y::List((0..count).map(|_| subject(rng)).collect()));
}

fn subject(rng: &mut Rng) -> Y {
    let kind = rng.pick(&["ServiceAccount", "ServiceAccount", "User", "Group"]);
    let mut subject = Y::map(vec![
        ("kind", Y::scalar(kind)),
        ("name", Y::scalar(rng.pick(&["a", "b", "default", "web", "cfg", "\"1\""]))),
    ]);
    if rng.chance(60) {
        subject.set("namespace", Y::scalar(rng.pick(NAMESPACES)));
    }
    subject
}

fn reference(rng: &mut Rng) -> Y {
    let mut reference = Y::map(vec![("name", name(rng))]);
    if rng.chance(15) {
        reference.set("optional", Y::scalar("true"));
    }
    reference
}

/// A name that may be that of an object.
pub(crate) fn name(rng: &mut Rng) -> Y {
    if rng.chance(4) {
        string(rng)
    } else {
        Y::scalar(rng.pick(&["a", "b", "cfg", "web", "gen", "c", "d", "cfg2", "web-x"]))
    }
}
