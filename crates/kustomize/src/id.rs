//! What identifies a resource during a build (kustomize-semantics, section 5).

use std::fmt;

use smol_str::SmolStr;

use fleetlint_yaml::Node;

/// Group, version and kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Gvk {
    /// Empty for the core group.
    pub group: SmolStr,
    pub version: SmolStr,
    pub kind: SmolStr,
}

/// A resource's identity at one moment of the build.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceId {
    pub gvk: Gvk,
    pub name: SmolStr,
    /// As written; empty where none is.
    pub namespace: SmolStr,
}

impl Gvk {
    /// Reads apiVersion and kind; what is missing stays empty.
    pub fn of(node: &Node) -> Self {
        let text = |key| node.get(key).and_then(Node::text).unwrap_or_default();
        let (group, version) = split_api_version(text("apiVersion"));
        Self { group: group.into(), version: version.into(), kind: text("kind").into() }
    }

    /// Whether the kind is known to be cluster-scoped; unknown kinds count as namespaced (section 8).
    pub fn is_cluster_scoped(&self) -> bool {
        let both: &[&str] = &["v1", "v1beta1"];
        let versions: &[&str] = match (self.group.as_str(), self.kind.as_str()) {
            ("", "ComponentStatus" | "Namespace" | "Node" | "PersistentVolume") => &["v1"],
            ("admissionregistration.k8s.io", "MutatingWebhookConfiguration" | "ValidatingWebhookConfiguration")
            | ("apiextensions.k8s.io", "CustomResourceDefinition")
            | ("apiregistration.k8s.io", "APIService")
            | ("certificates.k8s.io", "CertificateSigningRequest")
            | ("networking.k8s.io", "IngressClass")
            | ("node.k8s.io", "RuntimeClass")
            | ("rbac.authorization.k8s.io", "ClusterRole" | "ClusterRoleBinding")
            | ("scheduling.k8s.io", "PriorityClass")
            | ("storage.k8s.io", "CSIDriver" | "CSINode" | "StorageClass" | "VolumeAttachment") => both,
            ("flowcontrol.apiserver.k8s.io", "FlowSchema" | "PriorityLevelConfiguration")
            | ("policy", "PodSecurityPolicy") => &["v1beta1"],
            _ => &[],
        };
        versions.contains(&self.version.as_str())
    }

    /// Whether each part that the filter sets is equal here.
    pub fn is_selected_by(&self, filter: &Self) -> bool {
        let fits = |wanted: &SmolStr, have: &SmolStr| wanted.is_empty() || wanted == have;
        fits(&filter.group, &self.group) && fits(&filter.version, &self.version) && fits(&filter.kind, &self.kind)
    }
}

impl ResourceId {
    /// Reads the identity that a tree has now.
    pub fn of(node: &Node) -> Self {
        let text = |key| meta_text(node, key);
        Self { gvk: Gvk::of(node), name: text("name").into(), namespace: text("namespace").into() }
    }

    /// The namespace that counts for comparisons: `default` where none is written, a mark for cluster-scoped kinds.
    pub fn effective_namespace(&self) -> &str {
        match self.namespace.as_str() {
            _ if self.gvk.is_cluster_scoped() => "_non_namespaceable_",
            "" => "default",
            namespace => namespace,
        }
    }

    /// Whether both name the same object: everything equal, with effective namespaces.
    pub fn is_same(&self, other: &Self) -> bool {
        self.gvk == other.gvk && self.name == other.name && self.is_same_namespace(other)
    }

    /// Whether both are in the same namespace.
    pub fn is_same_namespace(&self, other: &Self) -> bool {
        self.effective_namespace() == other.effective_namespace()
    }
}

/// A field of the metadata; null counts as missing.
fn meta_text<'a>(node: &'a Node, key: &str) -> &'a str {
    let field = node.get("metadata").and_then(|meta| meta.get(key)).filter(|field| !field.is_null());
    field.and_then(Node::text).unwrap_or_default()
}

impl fmt::Display for Gvk {
    /// `Kind.version.group`, as kustomize prints it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or = |text: &SmolStr, none: &'static str| if text.is_empty() { none.to_owned() } else { text.to_string() };
        write!(f, "{}.{}.{}", or(&self.kind, "[noKind]"), or(&self.version, "[noVer]"), or(&self.group, "[noGrp]"))
    }
}

impl fmt::Display for ResourceId {
    /// `Kind.version.group/name.namespace`, as kustomize prints it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = if self.name.is_empty() { "[noName]" } else { &self.name };
        let namespace = if self.namespace.is_empty() { "[noNs]" } else { &self.namespace };
        write!(f, "{}/{name}.{namespace}", self.gvk)
    }
}

/// Group and version of an apiVersion; without a slash all of it is the version.
pub fn split_api_version(api_version: &str) -> (&str, &str) {
    api_version.split_once('/').unwrap_or(("", api_version))
}
