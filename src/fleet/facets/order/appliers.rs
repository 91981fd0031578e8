//! Who applies what: all that apply an object, not only the first.

use std::collections::HashMap;
use std::sync::Arc;

use smol_str::SmolStr;

use super::charts::groups_of;
use crate::fleet::{AppliedBy, Cluster, Reconciler, ReconcilerId, ReconcilerKind, Unseen};
use crate::object::{Object, ObjectId};
use crate::yaml::Node;

/// An object, and who applies it.
pub(super) type Applier = (Arc<Object>, AppliedBy);

/// By the names of objects: namespace and name.
type ByName = HashMap<(SmolStr, SmolStr), Vec<Applier>>;

/// Who applies the objects of a cluster, read kind by kind when it is asked for.
pub(super) struct Appliers<'a> {
    cluster: &'a Cluster,
    by_kind: HashMap<(SmolStr, SmolStr), ByName>,
    /// The definitions of kinds: group and kind.
    definitions: HashMap<(SmolStr, SmolStr), Vec<Applier>>,
    /// The releases whose charts bring the kinds of a group.
    charts: HashMap<&'static str, Vec<ReconcilerId>>,
}

impl<'a> Appliers<'a> {
    pub(super) fn of(cluster: &'a Cluster) -> Self {
        let mut definitions: HashMap<_, Vec<Applier>> = HashMap::new();
        for placed in cluster.objects.of_kind("apiextensions.k8s.io", "CustomResourceDefinition") {
            if let Some(kind) = defined(placed.object) {
                definitions.entry(kind).or_default().push((Arc::clone(placed.shared), placed.by));
            }
        }
        let mut charts: HashMap<_, Vec<ReconcilerId>> = HashMap::new();
        // What is not known may bring the definitions of a chart before the chart does.
        let is_open = cluster.reconcilers.iter().any(brings_unknown);
        for (at, release) in cluster.reconcilers.iter().enumerate().filter(|_| !is_open) {
            if release.kind != ReconcilerKind::HelmRelease || release.is_remote || skips_definitions(&release.object) {
                continue;
            }
            let chart = cluster.sources().chart_of(&release.object);
            for group in chart.map(groups_of).unwrap_or_default() {
                charts.entry(*group).or_default().push(ReconcilerId(at));
            }
        }
        Self { cluster, by_kind: HashMap::new(), definitions, charts }
    }

    /// All that apply an object.
    pub(super) fn of_object(&mut self, id: &ObjectId) -> Vec<Applier> {
        let cluster = self.cluster;
        let by_name = self.by_kind.entry((id.group.clone(), id.kind.clone())).or_insert_with(|| {
            let mut by_name = ByName::new();
            for placed in cluster.objects.of_kind(&id.group, &id.kind) {
                let ObjectId { namespace, name, .. } = &placed.object.id;
                let applier = (Arc::clone(placed.shared), placed.by);
                by_name.entry((namespace.clone(), name.clone())).or_default().push(applier);
            }
            by_name
        });
        by_name.get(&(id.namespace.clone(), id.name.clone())).cloned().unwrap_or_default()
    }

    /// All that apply the definition of a kind.
    pub(super) fn of_definition(&self, group: &SmolStr, kind: &SmolStr) -> Vec<Applier> {
        self.definitions.get(&(group.clone(), kind.clone())).cloned().unwrap_or_default()
    }

    /// The releases whose charts bring the kinds of a group.
    pub(super) fn charts_with(&self, group: &str) -> &[ReconcilerId] {
        self.charts.get(group).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Whether a Kustomization or ResourceSet may apply more than is known.
pub(super) fn brings_unknown(reconciler: &Reconciler) -> bool {
    let applies = matches!(reconciler.kind, ReconcilerKind::Kustomization | ReconcilerKind::ResourceSet);
    applies && !reconciler.is_remote && !matches!(reconciler.unseen, Unseen::Nothing)
}

/// Group and kind that a CustomResourceDefinition defines.
fn defined(definition: &Object) -> Option<(SmolStr, SmolStr)> {
    let text = |pointer| definition.at(pointer).and_then(Node::text);
    Some((text("/spec/group")?.into(), text("/spec/names/kind")?.into()))
}

/// Whether a release leaves out the definitions of its chart.
fn skips_definitions(release: &Object) -> bool {
    release.str("/spec/install/crds") == Some("Skip")
}
