//! The reference that a cluster syncs the fleet repository at.

use super::Sources;
use crate::object::Object;

/// The reference that a cluster syncs the fleet repository at.
#[derive(Clone, Debug)]
pub struct FleetReference<'a> {
    /// The FluxInstance, or the GitRepository that `flux bootstrap` wrote.
    pub object: &'a Object,
    /// JSON pointer of the field.
    pub field: &'static str,
    /// As `refs/heads/main`.
    pub reference: String,
}

impl<'a> Sources<'a> {
    /// The full reference that the cluster syncs the fleet repository at, and the field that says so. `None` where a commit
    /// or a range of versions is pinned, or nothing.
    pub fn fleet_reference(self) -> Option<FleetReference<'a>> {
        if let Some(instance) = self.cluster.graph().flux_instance() {
            let is_git = instance.str("/spec/sync/kind") == Some("GitRepository");
            // What is not a full reference Flux does not take for a branch.
            let reference = instance.str("/spec/sync/ref").filter(|it| is_git && it.starts_with("refs/"))?;
            return Some(FleetReference { object: instance, field: "/spec/sync/ref", reference: reference.to_owned() });
        }
        let source = self.fleet_source()?.object;
        let fields = [
            ("/spec/ref/commit", None),
            ("/spec/ref/name", Some("")),
            ("/spec/ref/semver", None),
            ("/spec/ref/tag", Some("refs/tags/")),
            ("/spec/ref/branch", Some("refs/heads/")),
        ];
        let mut set = fields.into_iter().filter_map(|(field, prefix)| Some((field, prefix, source.str(field)?)));
        let (field, prefix, value) = set.find(|(_, _, value)| !value.is_empty())?;
        let reference = format!("{}{value}", prefix?);
        (source.id.kind == "GitRepository").then_some(FleetReference { object: source, field, reference })
    }
}
