//! What the Flux Operator makes of a FluxInstance's `spec.sync`: a source and the root Kustomization.
//!
//! No file defines these two, yet everything on the cluster hangs below them. Their fields take the origins of the
//! instance's fields, so that a finding on them points at the line of the FluxInstance.

mod patches;

use smol_str::SmolStr;

use super::api::{FluxInstance, HelmRelease};
use crate::object::Object;
use fleetlint_kustomize::Reader;
use fleetlint_yaml::problem::Problem;
use fleetlint_yaml::{Entry, Node, Origin};

/// The chart that makes a FluxInstance.
pub const CHART: &str = "flux-instance";

/// The objects that the operator makes for the sync of an instance.
#[derive(Clone, Debug)]
pub struct SyncObjects {
    /// GitRepository, OCIRepository or Bucket.
    pub source: Object,
    /// The root Kustomization.
    pub kustomization: Object,
}

impl SyncObjects {
    fn objects(&self) -> impl Iterator<Item = &Object> {
        [&self.source, &self.kustomization].into_iter()
    }
}

/// What an instance makes, as far as a repository shows it.
#[derive(Clone, Debug, Default)]
pub struct InstanceObjects {
    /// `None` without a sync, or where its kind or path is missing.
    pub sync: Option<SyncObjects>,
    /// The patches that fail.
    pub problems: Vec<Problem>,
}

/// What the operator makes of the `spec` of an instance, which may also stand elsewhere (the values of chart
/// `flux-instance`): domain-facts section 7.
pub fn objects_of(spec: &Node, namespace: &SmolStr, reader: Reader<'_>) -> InstanceObjects {
    let sync = spec.get("sync").filter(|sync| sync.as_mapping().is_some());
    let multitenant = spec.at("/cluster/multitenant").and_then(Node::text) == Some("true");
    let made = sync.and_then(|sync| generated(sync, namespace, multitenant));
    let patches = spec.at("/kustomize/patches").map(Node::items).unwrap_or_default();
    let (sync, problems) = patches::apply(made, patches, reader);
    InstanceObjects { sync, problems }
}

/// The `spec` of a FluxInstance, or of the one in the values of a HelmRelease of chart `flux-instance`, with the namespace
/// that the instance is in.
pub fn spec_of(object: &Object) -> Option<(&Node, SmolStr)> {
    if FluxInstance::of(object).is_some() {
        return Some((object.at("/spec")?, object.id.namespace.clone()));
    }
    let release = HelmRelease::of(object).filter(|release| is_of_chart(*release))?;
    Some((object.at("/spec/values/instance")?, release.target_namespace().into()))
}

/// Whether a HelmRelease is of chart `flux-instance`, by the name of the chart or of the source that holds it.
pub fn is_of_chart(release: HelmRelease<'_>) -> bool {
    release.chart() == Some(CHART) || release.object.str("/spec/chartRef/name") == Some(CHART)
}

fn generated(sync: &Node, namespace: &SmolStr, multitenant: bool) -> Option<SyncObjects> {
    let kind = sync.get("kind").filter(|kind| kind.text().is_some())?;
    let name = sync.get("name").and_then(Node::text).filter(|name| !name.is_empty()).unwrap_or(namespace);
    Some(SyncObjects {
        source: source(sync, kind, name, namespace)?,
        kustomization: kustomization(sync, kind, name, namespace, multitenant)?,
    })
}

fn source(sync: &Node, kind: &Node, name: &str, namespace: &str) -> Option<Object> {
    let origin = sync.origin.clone();
    let mut spec = Vec::new();
    let url_field = if kind.text() == Some("Bucket") { "endpoint" } else { "url" };
    copy(sync, "url", url_field, &mut spec);
    copy(sync, "interval", "interval", &mut spec);
    copy(sync, "provider", "provider", &mut spec);
    if let Some(secret) = sync.get("pullSecret") {
        spec.push(entry("secretRef", Node::mapping(vec![entry("name", secret.clone())], secret.origin.clone())));
    }
    if let Some(reference) = sync.get("ref") {
        let field = match kind.text() {
            Some("OCIRepository") => "tag",
            Some("Bucket") => "bucketName",
            _ => "name",
        };
        let value = entry(field, reference.clone());
        match field {
            "bucketName" => spec.push(value),
            _ => spec.push(entry("ref", Node::mapping(vec![value], reference.origin.clone()))),
        }
    }
    object("source.toolkit.fluxcd.io/v1", kind.clone(), name, namespace, spec, origin)
}

fn kustomization(sync: &Node, kind: &Node, name: &str, namespace: &str, multitenant: bool) -> Option<Object> {
    let origin = sync.origin.clone();
    let reference = vec![entry("kind", kind.clone()), entry("name", Node::string(name, origin.clone()))];
    let mut spec = vec![
        entry("interval", Node::string("10m0s", origin.clone())),
        entry("prune", Node::plain("true", origin.clone())),
        entry("sourceRef", Node::mapping(reference, origin.clone())),
    ];
    copy(sync, "path", "path", &mut spec);
    if multitenant {
        spec.push(entry("serviceAccountName", Node::string("kustomize-controller", origin.clone())));
    }
    let kind = Node::string("Kustomization", origin.clone());
    object("kustomize.toolkit.fluxcd.io/v1", kind, name, namespace, spec, origin)
}

fn object(api: &str, kind: Node, name: &str, namespace: &str, spec: Vec<Entry>, origin: Origin) -> Option<Object> {
    let metadata = vec![
        entry("name", Node::string(name, origin.clone())),
        entry("namespace", Node::string(namespace, origin.clone())),
    ];
    let root = vec![
        entry("apiVersion", Node::string(api, origin.clone())),
        entry("kind", kind),
        entry("metadata", Node::mapping(metadata, origin.clone())),
        entry("spec", Node::mapping(spec, origin.clone())),
    ];
    Object::new(Node::mapping(root, origin))
}

fn copy(from: &Node, field: &str, to: &str, spec: &mut Vec<Entry>) {
    if let Some(value) = from.get(field) {
        spec.push(entry(to, value.clone()));
    }
}

fn entry(key: &str, value: Node) -> Entry {
    Entry { key: Node::string(key, value.origin.clone()), value }
}
