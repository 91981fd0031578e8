//! Automations and the files that they update: what rules about markers ask.

use std::collections::BTreeMap;

use crate::fleet::facets::image_updates::checkout_branch;
use crate::fleet::{Cluster, Fleet};
use crate::object::{Object, ObjectId};
use crate::repository::{Marker, Markers, Repositories, Repository};
use crate::source::Tree;

/// An automation on a cluster, and the repository that it updates, at the branch that it reads.
#[derive(Clone, Copy)]
pub struct ImageUpdate<'a> {
    pub cluster: &'a Cluster,
    pub automation: &'a Object,
    /// The files of the repository.
    pub tree: &'a Tree,
    pub markers: &'a Markers,
}

/// A marker that automations pass by on their way through a repository.
pub struct PassedMarker<'a> {
    pub marker: &'a Marker,
    /// Those whose path holds its file.
    pub updates: Vec<ImageUpdate<'a>>,
}

impl<'a> ImageUpdate<'a> {
    /// The folder that is updated, without `./`.
    pub fn folder(&self) -> &'a str {
        let path = self.automation.str("/spec/update/path").unwrap_or_default();
        path.trim_start_matches("./").trim_matches('/').trim_start_matches('.')
    }

    /// The markers in the folder.
    pub fn markers(&self) -> impl Iterator<Item = &'a Marker> + use<'a> {
        let folder = self.folder();
        let is_below = move |path: &str| {
            folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.markers.found.iter().filter(move |marker| is_below(&marker.path))
    }

    /// Whether the automation writes what is before a marker.
    pub fn serves(&self, marker: &Marker) -> bool {
        let updates = self.cluster.image_updates();
        let policy = updates.policy(&marker.namespace, &marker.name);
        policy.is_some_and(|policy| updates.uses(self.automation, policy.object))
    }
}

/// The automations of all clusters whose repository is available. `false` beside them if one of another repository is not.
pub fn image_updates<'a>(fleet: &'a Fleet, repositories: &'a Repositories<'_>) -> (Vec<ImageUpdate<'a>>, bool) {
    let (mut found, mut are_all) = (Vec::new(), true);
    for cluster in &fleet.clusters {
        for (automation, source) in cluster.sources().automations() {
            let (automation, source) = (automation.object, source.object);
            let branch = checkout_branch(automation, source).map(|branch| branch.name);
            let repository = match cluster.image_updates().is_fleet(source) {
                true => Some(repositories.fleet()),
                false => source.str("/spec/url").zip(branch).and_then(|(address, branch)| {
                    repositories.others().iter().find(|repository| repository.is_read_at(address, branch))
                }),
            };
            are_all &= repository.is_some();
            let update = |repository: &'a Repository<'_>| {
                let (tree, markers) = (&*repository.tree, repository.markers());
                ImageUpdate { cluster, automation, tree, markers }
            };
            found.extend(repository.map(update));
        }
    }
    (found, are_all)
}

/// The markers that at least one automation passes by, each once.
pub fn passed_markers<'a>(updates: &[ImageUpdate<'a>]) -> Vec<PassedMarker<'a>> {
    let mut passed: BTreeMap<(usize, usize), PassedMarker<'a>> = BTreeMap::new();
    let mut known: Vec<&Markers> = Vec::new();
    for update in updates {
        let position = known.iter().position(|known| std::ptr::eq(*known, update.markers));
        let repository = position.unwrap_or(known.len());
        if position.is_none() {
            known.push(update.markers);
        }
        for marker in update.markers() {
            let at = (repository, std::ptr::from_ref(marker) as usize);
            let entry = passed.entry(at).or_insert_with(|| PassedMarker { marker, updates: Vec::new() });
            entry.updates.push(*update);
        }
    }
    // Markers of one repository are in one list, so that their addresses have its order.
    passed.into_values().collect()
}

/// The policy that a marker names.
pub fn policy_of(marker: &Marker) -> ObjectId {
    ObjectId {
        group: "image.toolkit.fluxcd.io".into(),
        kind: "ImagePolicy".into(),
        namespace: marker.namespace.clone(),
        name: marker.name.clone(),
    }
}
