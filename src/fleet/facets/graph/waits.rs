//! Who waits for whom in `dependsOn`.

use super::Graph;
use crate::fleet::{Reconciler, ReconcilerId, ReconcilerKind};
use crate::flux::kinds::{self, Named};

/// The feature gate with which a `readyExpr` comes on top of the readiness of a dependency.
const ADDITIVE_READY_EXPR: &str = "AdditiveCELDependencyCheck";

/// One reconciler waits for another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    pub from: ReconcilerId,
    pub to: ReconcilerId,
    /// The field of `from` that says so.
    pub pointer: String,
}

impl Graph<'_> {
    /// Who waits in `dependsOn` until another one is ready.
    pub fn dependencies(self) -> Vec<Wait> {
        let mut waits = Vec::new();
        for (index, reconciler) in self.cluster.reconcilers.iter().enumerate() {
            let from = ReconcilerId(index);
            if reconciler.kind == ReconcilerKind::FluxInstance {
                continue;
            }
            for Named { id, name: pointer, .. } in self.waited_for(reconciler) {
                waits.extend(self.position_of(&id).map(|to| Wait { from, to, pointer }));
            }
        }
        waits
    }

    /// What `dependsOn` of a reconciler names and has to be ready: a ResourceSet waits for that only where it says so, others
    /// always. What a `readyExpr` waits for is not known, unless it comes on top.
    fn waited_for(self, reconciler: &Reconciler) -> Vec<Named> {
        let object = &reconciler.object;
        let references = kinds::references(&object.id.group, &object.id.kind).iter();
        let named = references.filter(|it| it.path == "spec.dependsOn[]").flat_map(|it| it.named(object));
        let is_set = reconciler.kind == ReconcilerKind::ResourceSet;
        let is_additive = !is_set && self.cluster.features.gates.get(ADDITIVE_READY_EXPR) == Some(true);
        let counts = |it: &Named| {
            let item = it.name.rsplit_once('/').and_then(|(item, _)| object.at(item));
            let field = |key: &str| item.and_then(|item| item.get(key)?.text_if_set());
            let has_expression = field("readyExpr").is_some_and(|text| !text.is_empty());
            (!is_set || field("ready") == Some("true")) && (!has_expression || is_additive)
        };
        named.filter(counts).collect()
    }
}
