//! Variables in the paths of Kustomizations.

use super::Variables;
use crate::fleet::{ClusterObject, Outcome, Reconciler, ReconcilerKind};
use crate::object::Object;
use crate::yaml::{Node, Span};

impl<'a> Variables<'a> {
    /// The Kustomizations whose path lost a segment because a variable has no value, and whose folder then does not build.
    pub fn paths_with_empty_variable(self) -> impl Iterator<Item = (&'a Reconciler, PathVariable<'a>)> {
        let kustomizations =
            self.cluster.graph().reconcilers_of(ReconcilerKind::Kustomization).map(|(reconciler, _)| reconciler);
        kustomizations.filter(|reconciler| matches!(reconciler.outcome, Outcome::Undetermined(_))).filter_map(
            |reconciler| {
                let variable = path_variable(&reconciler.object)?;
                variable.collapses_segment.then_some((reconciler, variable))
            },
        )
    }

    /// Who should have replaced the variables in a field of an object, and replaces none at all. Not the roots, whose
    /// Kustomizations Flux itself writes.
    pub fn unsubstituted_by(self, placed: ClusterObject<'_>, pointer: &str) -> Option<&'a Reconciler> {
        placed.object.str(pointer).filter(|text| text.contains("${"))?;
        let parent = self.cluster.applied_by(placed)?;
        (parent.parent.is_some() && parent.kind == ReconcilerKind::Kustomization && parent.uses.is_empty())
            .then_some(parent)
    }

    /// The variable by which a path that does not exist misses its overlay: the folder that its value names is not there,
    /// the folder above is.
    pub fn missing_overlay(self, reconciler: &'a Reconciler, path: &str) -> Option<PathVariable<'a>> {
        let variable = path_variable(&reconciler.object)?;
        let missing = reconciler.missing_folder(path)?;
        let (name, is_last) = (missing.rsplit('/').next().unwrap_or(missing), missing.len() == path.len());
        let is_by_variable = match self.runtime_value(variable.name).and_then(Node::text) {
            Some(value) if !value.is_empty() => name.contains(value),
            _ => is_last,
        };
        is_by_variable.then_some(variable)
    }

    /// Whether the value of a variable leads at least one Kustomization's path to a folder that exists.
    pub fn leads_somewhere(self, variable: &PathVariable<'_>) -> bool {
        self.index.leading.contains(&(variable.name.into(), variable.place))
    }
}

/// The variable in the path of a Kustomization.
#[derive(Clone, Debug)]
pub struct PathVariable<'a> {
    pub name: &'a str,
    /// The place of its value.
    pub place: Option<Span>,
    /// It has no value, and the path leads to the folder above.
    pub collapses_segment: bool,
    value: Option<&'a str>,
}

impl PathVariable<'_> {
    /// The value, where it may be shown.
    pub fn value_shown(&self) -> &str {
        self.value.unwrap_or("…")
    }
}

/// The variable that was written into `spec.path`.
pub fn path_variable(kustomization: &Object) -> Option<PathVariable<'_>> {
    let path = kustomization.at("/spec/path")?;
    let variable = path.origin.variable()?;
    let last = path.text()?.trim_end_matches('/').rsplit('/').next();
    let value = last.filter(|_| !variable.secret);
    Some(PathVariable {
        name: &variable.name,
        place: variable.value.edit_place(),
        collapses_segment: variable.collapses_segment,
        value,
    })
}
