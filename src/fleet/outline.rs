//! The fleet in a few words: what `fleetlint graph` shows, whatever the format.

use serde::Serialize;

use super::{Cluster, Fleet, FluxVersion, Identity, Outcome, Reconciler, ReconcilerKind};
use crate::flux::api::depends_on;
use crate::flux::build::clean_path;
use crate::object::{Object, ObjectId};
use crate::source::url;

/// Clusters and what reconciles on them.
#[derive(Debug, Serialize)]
pub struct FleetGraph {
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
    #[serde(rename = "appliers")]
    pub reconcilers: Vec<ReconcilerOutline>,
}

/// Something that applies objects.
#[derive(Debug, Serialize)]
pub struct ReconcilerOutline {
    pub kind: String,
    pub namespace: String,
    pub name: String,
    /// Index of its parent among the cluster's reconcilers; null for a root.
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

/// What a reconciler reads.
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
    pub fn outline(&self, only: Option<&str>) -> FleetGraph {
        let shown = self.clusters.iter().filter(|cluster| only.is_none_or(|name| cluster.name == name));
        FleetGraph { version: 1, clusters: shown.map(|cluster| self.outline_of(cluster)).collect() }
    }

    fn outline_of(&self, cluster: &Cluster) -> ClusterOutline {
        ClusterOutline {
            name: cluster.name.clone(),
            path: cluster.paths.first().cloned().unwrap_or_default(),
            paths: cluster.paths.clone(),
            flux: cluster.features.version.map(FluxVersion::shown),
            lockdown: lockdown(cluster),
            tenants: self.tenancy(cluster).tenants().iter().map(ToString::to_string).collect(),
            reconcilers: cluster
                .reconcilers
                .iter()
                .map(|reconciler| self.outline_of_reconciler(cluster, reconciler))
                .collect(),
        }
    }

    fn outline_of_reconciler(&self, cluster: &Cluster, reconciler: &Reconciler) -> ReconcilerOutline {
        let id = &reconciler.object.id;
        let owner = cluster.placed(reconciler).map(|placed| self.tenancy(cluster).owner(placed));
        let path = reconciler.object.at("/spec/path").filter(|path| path.text().is_some());
        let path = path.map(|path| clean_path(&path.shown()));
        let (outcome, reason) = outcome(&reconciler.outcome);
        ReconcilerOutline {
            kind: id.kind.to_string(),
            namespace: shown(&reconciler.object, "/metadata/namespace", &id.namespace),
            name: shown(&reconciler.object, "/metadata/name", &id.name),
            parent: reconciler.parent.map(|parent| parent.0),
            service_account: service_account(reconciler),
            tenant: owner.and_then(|owner| owner.tenant().map(str::to_owned)),
            source: source(reconciler),
            path: path.filter(|_| reconciler.kind == ReconcilerKind::Kustomization),
            depends_on: dependencies(reconciler),
            objects: reconciler.applied.len(),
            outcome,
            reason,
            remote: reconciler.is_remote,
        }
    }
}

/// A part of an object's identity, without what comes from Secrets.
pub(super) fn shown(object: &Object, pointer: &str, text: &str) -> String {
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

fn service_account(reconciler: &Reconciler) -> Option<String> {
    match &reconciler.identity {
        Identity::Named(name) | Identity::Default(name) => {
            let name = shown(&reconciler.object, "/spec/serviceAccountName", name);
            Some(format!(
                "{}/{name}",
                shown(&reconciler.object, "/metadata/namespace", &reconciler.object.id.namespace)
            ))
        }
        Identity::Controller | Identity::Unknown => None,
    }
}

fn source(reconciler: &Reconciler) -> Option<SourceOutline> {
    let source = reconciler.source.as_ref()?;
    let tree = source.tree.as_ref();
    Some(SourceOutline {
        kind: shown(&reconciler.object, "/spec/sourceRef/kind", &source.kind),
        namespace: shown(&reconciler.object, "/spec/sourceRef/namespace", &source.namespace),
        name: shown(&reconciler.object, "/spec/sourceRef/name", &source.name),
        url: source.object.as_ref().and_then(|object| object.at("/spec/url")).map(|url| url::normalize(&url.shown())),
        repository: tree.map(|tree| tree.repository.to_string()),
        revision: tree.and_then(|tree| tree.revision.as_ref()).map(ToString::to_string),
    })
}

fn dependencies(reconciler: &Reconciler) -> Vec<String> {
    let ObjectId { namespace, .. } = &reconciler.object.id;
    depends_on(&reconciler.object).map(|(_, it)| format!("{}/{}", it.namespace_or(namespace), it.name())).collect()
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
        Outcome::Undetermined(reason) => ("undetermined", Some(reason.to_string())),
    }
}
