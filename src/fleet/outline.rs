//! The fleet in a few words: what `fleetlint graph` shows, whatever the format.

use serde::Serialize;

use super::{Applier, ApplierKind, Cluster, Fleet, FluxVersion, Identity, Outcome};
use crate::flux::api::depends_on;
use crate::flux::build::clean_path;
use crate::object::{Object, ObjectId};
use crate::source::url;

/// Clusters and what reconciles on them.
#[derive(Debug, Serialize)]
pub struct Outline {
    /// Of this form, for those who parse it.
    pub version: u32,
    pub clusters: Vec<ClusterOutline>,
}

/// One cluster.
#[derive(Debug, Serialize)]
pub struct ClusterOutline {
    pub name: String,
    /// The folder that its first root syncs.
    pub path: String,
    /// The folders that its roots sync.
    pub paths: Vec<String>,
    /// The releases of Flux that it may run: `2.7`, `2.6-2.9`; null where the repository does not show it.
    pub flux: Option<String>,
    /// `on`, `incomplete`, `off` or `unknown`.
    pub lockdown: &'static str,
    pub tenants: Vec<String>,
    /// Parents before children.
    pub appliers: Vec<ApplierOutline>,
}

/// Something that applies objects.
#[derive(Debug, Serialize)]
pub struct ApplierOutline {
    pub kind: String,
    pub namespace: String,
    pub name: String,
    /// Index of its parent among the cluster's appliers; null for a root.
    pub parent: Option<usize>,
    /// The service account as which it applies, as `namespace/name`; null for the controller's own and where not known.
    pub service_account: Option<String>,
    pub tenant: Option<String>,
    pub source: Option<SourceOutline>,
    /// The folder that it builds.
    pub path: Option<String>,
    /// What it waits for, as `namespace/name` of the same kind.
    pub depends_on: Vec<String>,
    /// How many objects it applies, as far as they are known.
    pub objects: usize,
    /// `rendered`, `failed`, `missing`, `opaque` or `undetermined`.
    pub outcome: &'static str,
    /// Why it is undetermined.
    pub reason: Option<String>,
    /// The objects land on another cluster.
    pub remote: bool,
}

/// What an applier reads.
#[derive(Debug, Serialize)]
pub struct SourceOutline {
    pub kind: String,
    pub namespace: String,
    pub name: String,
    /// Without scheme, user and `.git`.
    pub url: Option<String>,
    /// The repository at hand.
    pub repository: Option<String>,
    /// The branch or tag that was read; null for a working tree.
    pub revision: Option<String>,
}

impl Fleet {
    /// The outline of all clusters, or of one.
    pub fn outline(&self, only: Option<&str>) -> Outline {
        let shown = self.clusters.iter().filter(|cluster| only.is_none_or(|name| cluster.name == name));
        Outline { version: 1, clusters: shown.map(|cluster| self.outline_of(cluster)).collect() }
    }

    fn outline_of(&self, cluster: &Cluster) -> ClusterOutline {
        ClusterOutline {
            name: cluster.name.clone(),
            path: cluster.paths.first().cloned().unwrap_or_default(),
            paths: cluster.paths.clone(),
            flux: cluster.flux_version.map(FluxVersion::shown),
            lockdown: lockdown(cluster),
            tenants: self.tenants(cluster).iter().map(ToString::to_string).collect(),
            appliers: cluster.appliers.iter().map(|applier| self.outline_of_applier(cluster, applier)).collect(),
        }
    }

    fn outline_of_applier(&self, cluster: &Cluster, applier: &Applier) -> ApplierOutline {
        let id = &applier.object.id;
        let owner = self.owner(cluster, &cluster.objects[applier.placed]);
        let path = applier.object.at("/spec/path").filter(|path| path.text().is_some());
        let path = path.map(|path| clean_path(&path.shown()));
        let (outcome, reason) = outcome(&applier.outcome);
        ApplierOutline {
            kind: id.kind.to_string(),
            namespace: shown(&applier.object, "/metadata/namespace", &id.namespace),
            name: shown(&applier.object, "/metadata/name", &id.name),
            parent: applier.parent.map(|parent| parent.0),
            service_account: service_account(applier),
            tenant: owner.tenant().map(str::to_owned),
            source: source(applier),
            path: path.filter(|_| applier.kind == ApplierKind::Kustomization),
            depends_on: dependencies(applier),
            objects: applier.applied.len(),
            outcome,
            reason,
            remote: applier.is_remote,
        }
    }
}

/// A part of an object's identity, without what comes from Secrets.
fn shown(object: &Object, pointer: &str, text: &str) -> String {
    let node = object.at(pointer).filter(|node| node.text() == Some(text));
    node.map_or_else(|| text.to_owned(), |node| node.shown().into_owned())
}

fn lockdown(cluster: &Cluster) -> &'static str {
    let lockdown = &cluster.lockdown;
    match (lockdown.missing().len(), lockdown.no_cross_namespace_refs.is_on()) {
        (0, true) => "on",
        (0, false) => "unknown",
        (4, _) => "off",
        _ => "incomplete",
    }
}

fn service_account(applier: &Applier) -> Option<String> {
    match &applier.identity {
        Identity::Named(name) | Identity::Default(name) => {
            let name = shown(&applier.object, "/spec/serviceAccountName", name);
            Some(format!("{}/{name}", shown(&applier.object, "/metadata/namespace", &applier.object.id.namespace)))
        }
        Identity::Controller | Identity::Unknown => None,
    }
}

fn source(applier: &Applier) -> Option<SourceOutline> {
    let source = applier.source.as_ref()?;
    let tree = source.tree.as_ref();
    Some(SourceOutline {
        kind: source.kind.to_string(),
        namespace: shown(&applier.object, "/spec/sourceRef/namespace", &source.namespace),
        name: shown(&applier.object, "/spec/sourceRef/name", &source.name),
        url: source.object.as_ref().and_then(|object| object.at("/spec/url")).map(|url| url::normalize(&url.shown())),
        repository: tree.map(|tree| tree.repository.to_string()),
        revision: tree.and_then(|tree| tree.revision.as_ref()).map(ToString::to_string),
    })
}

fn dependencies(applier: &Applier) -> Vec<String> {
    let ObjectId { namespace, .. } = &applier.object.id;
    depends_on(&applier.object).map(|(_, it)| format!("{}/{}", it.namespace_or(namespace), it.name())).collect()
}

fn outcome(outcome: &Outcome) -> (&'static str, Option<String>) {
    match outcome {
        Outcome::Rendered => ("rendered", None),
        Outcome::PathNotFound => ("missing", None),
        Outcome::Failed => ("failed", None),
        Outcome::Opaque => ("opaque", None),
        Outcome::SourceNotFound => ("undetermined", Some("nothing in the fleet defines its source".to_owned())),
        Outcome::ReferenceNotFound { .. } => {
            ("undetermined", Some("the branch or tag of its source does not exist".to_owned()))
        }
        Outcome::Undetermined(reason) => ("undetermined", Some(reason.clone())),
    }
}
