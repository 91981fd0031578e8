//! Variables that nobody replaces, and builds that nobody has seen.

use std::collections::BTreeSet;

use super::Variables;
use crate::fleet::{Outcome, Reconciler, ReconcilerKind};
use crate::flux::substitute::{is_opted_out, names_in};
use crate::object::Object;
use crate::yaml::Node;

impl<'a> Variables<'a> {
    /// The first value that holds one of these variables as it is written, where the Kustomization replaces none at all:
    /// it has no `postBuild`.
    pub fn literal_use(self, reconciler: &'a Reconciler, names: &BTreeSet<&str>) -> Option<(&'a Object, &'a Node)> {
        if !reconciler.uses.is_empty()
            || reconciler.outcome != Outcome::Rendered
            || reconciler.object.at("/spec/postBuild").is_some()
        {
            return None;
        }
        let holds_one = |scalar: &&Node| {
            let has_expression = scalar.text().is_some_and(|text| text.contains("${") && !text.contains("$${"));
            has_expression && names_in(scalar).iter().any(|name| names.contains(name.as_str()))
        };
        let objects = reconciler.applied.iter().filter(|object| !is_opted_out(&object.root));
        objects.filter_map(|object| Some((&**object, object.root.scalars().find(holds_one)?))).next()
    }

    /// Whether Kustomizations build what was not read, or not in full.
    pub fn has_unread_builds(self) -> bool {
        let kustomizations = self.cluster.reconcilers.iter().filter(|it| it.kind == ReconcilerKind::Kustomization);
        let mut outcomes = kustomizations.map(|reconciler| &reconciler.outcome);
        outcomes.any(|outcome| *outcome != Outcome::Rendered)
    }
}
