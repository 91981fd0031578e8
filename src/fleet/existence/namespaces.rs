//! Namespaces that objects go into and that nothing creates.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::{BUILT_IN_NAMESPACES, Creator, Existence};
use crate::fleet::{AppliedBy, Reconciler, ReconcilerKind};
use crate::flux::api::HelmRelease;
use crate::object::{Object, ObjectId};

/// A namespace that the cluster lacks.
#[derive(Clone, Debug)]
pub struct MissingNamespace<'a> {
    pub id: ObjectId,
    /// An object that goes into it, and who applies it.
    pub object: &'a Object,
    pub reconciler: &'a Reconciler,
    /// How many reconcilers put objects there.
    pub count: usize,
    /// What may create it all the same.
    pub creator: Option<Creator<'a>>,
    /// A namespace that is there and is spelled almost the same.
    pub near: Option<&'a Object>,
}

impl<'a> Existence<'a> {
    /// The namespaces that objects go into and that nothing on the cluster creates, each once, by name.
    pub fn missing_namespaces(self) -> Vec<MissingNamespace<'a>> {
        let mut wanted: BTreeMap<&SmolStr, (&Object, &Reconciler, usize)> = BTreeMap::new();
        for reconciler in self.cluster.reconcilers.iter().filter(|it| applies_here(it)) {
            for object in reconciler.applied.of_each_namespace() {
                let entry = wanted.entry(&object.id.namespace).or_insert((&**object, reconciler, 0));
                entry.2 += 1;
            }
        }
        wanted.retain(|name, _| !self.has_namespace(name));
        let missing = wanted.into_iter().map(|(name, (object, reconciler, count))| {
            let id = ObjectId { group: "".into(), kind: "Namespace".into(), namespace: "".into(), name: name.clone() };
            // A chart creates a namespace only if its values say so.
            let counts = |it: &Reconciler| it.kind != ReconcilerKind::HelmRelease || self.release_names(it, &id);
            let creator = self.could_create_by(&id, &[], counts);
            let near = self.near_object(&id);
            MissingNamespace { id, object, reconciler, count, creator, near }
        });
        missing.collect()
    }

    /// Whether a namespace is there: created by something on the cluster, or by those who install it.
    fn has_namespace(self, name: &str) -> bool {
        let is_known = super::can_be_called(name) && !BUILT_IN_NAMESPACES.contains(&name);
        let is_created_by = |it: &Reconciler| {
            let release = HelmRelease::of(&it.object);
            release.is_some_and(|release| {
                release.target_namespace() == name && it.object.str("/spec/install/createNamespace") == Some("true")
            })
        };
        !is_known
            || name == self.cluster.flux_namespace
            || self.cluster.namespace(name).is_some()
            || self.holds_given(name)
            || self.cluster.reconcilers.iter().any(is_created_by)
    }

    /// Whether something is in a namespace that no reconciler puts there: who does needs it, too.
    fn holds_given(self, name: &str) -> bool {
        let mut given = self.cluster.objects.beside_applied();
        given.any(|it| matches!(it.by, AppliedBy::Bootstrap | AppliedBy::Declared) && it.object.id.namespace == name)
    }
}

fn applies_here(reconciler: &Reconciler) -> bool {
    matches!(reconciler.kind, ReconcilerKind::Kustomization | ReconcilerKind::ResourceSet) && !reconciler.is_remote
}
