//! Automations that update images: which branches they read and push to, and who keeps them off a cluster.

use std::collections::HashSet;

use crate::fleet::{Cluster, ClusterObject, Fleet, Outcome, Reconciler};
use crate::flux::api::group;
use crate::flux::propagation::selects_exactly;
use crate::near::near;
use crate::object::{Object, ObjectId};
use crate::source::{FileId, url};
use crate::yaml::Node;

/// A branch that an automation reads or pushes to, and the field that says so.
#[derive(Clone, Copy, Debug)]
pub struct NamedBranch<'a> {
    pub object: &'a Object,
    pub field: &'static str,
    pub name: &'a str,
}

/// The field of an automation that names the branch it reads.
pub const CHECKOUT: &str = "/spec/git/checkout/ref/branch";
/// The field of an automation that names the branch it pushes to.
pub const PUSH: &str = "/spec/git/push/branch";
/// The field of a GitRepository that names the branch it reads.
pub const SOURCE: &str = "/spec/ref/branch";

fn branch<'a>(object: &'a Object, field: &'static str) -> Option<NamedBranch<'a>> {
    let name = object.at(field).and_then(Node::text_if_set).filter(|name| !name.is_empty())?;
    Some(NamedBranch { object, field, name })
}

/// The branch that an automation reads: its own, or else that of its source. `None` where it is a tag or a commit, or the
/// default branch.
pub fn checkout_branch<'a>(automation: &'a Object, source: &'a Object) -> Option<NamedBranch<'a>> {
    match automation.at("/spec/git/checkout/ref") {
        Some(_) => branch(automation, CHECKOUT),
        None => branch(source, SOURCE),
    }
}

/// The branch that an automation pushes to: the one that it names, or else the one that it reads.
pub fn push_branch<'a>(automation: &'a Object, source: &'a Object) -> Option<NamedBranch<'a>> {
    branch(automation, PUSH).or_else(|| checkout_branch(automation, source))
}

/// The GitRepository that an automation pushes to, be it there or not.
pub fn pushed_repository(automation: &Object) -> Option<ObjectId> {
    let namespace = automation.str("/spec/sourceRef/namespace").unwrap_or(&automation.id.namespace);
    let name = automation.str("/spec/sourceRef/name")?;
    Some(ObjectId {
        group: group::SOURCE.into(),
        kind: "GitRepository".into(),
        namespace: namespace.into(),
        name: name.into(),
    })
}

/// A patch that deletes objects by a label, and what it has to be seen by.
#[derive(Clone, Copy, Debug)]
pub struct DeletingPatch<'a> {
    /// The Kustomization whose build it changes.
    pub reconciler: &'a Reconciler,
    /// The label selector, as it is written.
    pub selector: &'a Node,
}

/// The patches of a Kustomization that delete what a label selects.
fn deleting_patches(reconciler: &Reconciler) -> impl Iterator<Item = DeletingPatch<'_>> {
    let patches = reconciler.object.at("/spec/patches").map(Node::items).unwrap_or_default().iter();
    patches.filter_map(move |patch| {
        let text = patch.get("patch").and_then(Node::text)?;
        let deletes = text.lines().any(|line| line.trim_start_matches("- ").trim() == "$patch: delete");
        let selector = patch.get("target")?.get("labelSelector").filter(|_| deletes)?;
        Some(DeletingPatch { reconciler, selector })
    })
}

/// The one label that a selector asks for: `key=value` or `key: value` in the short form.
pub fn selected_label(selector: &Node) -> Option<(&str, &str)> {
    let text = selector.text()?.trim();
    let (key, value) = text.split_once("==").or_else(|| text.split_once('='))?;
    let is_plain = |part: &str| !part.is_empty() && !part.contains([',', '!', '(', ' ', '=']);
    let (key, value) = (key.trim(), value.trim());
    (is_plain(key) && is_plain(value)).then_some((key, value))
}

impl Fleet {
    /// The files that the objects of some cluster are made from.
    pub fn files_in_builds(&self) -> HashSet<FileId> {
        let objects = self.clusters.iter().flat_map(|cluster| cluster.objects.iter()).map(|placed| placed.object);
        let spans = objects.flat_map(|object| object.root.scalars().filter_map(|scalar| scalar.origin.span));
        spans.map(|span| span.file).collect()
    }
}

/// What updates images on a cluster.
#[derive(Clone, Copy, Debug)]
pub struct ImageUpdates<'a> {
    cluster: &'a Cluster,
}

impl Cluster {
    /// The facet of image updates.
    pub fn image_updates(&self) -> ImageUpdates<'_> {
        ImageUpdates { cluster: self }
    }
}

impl<'a> ImageUpdates<'a> {
    /// Whether a GitRepository is the fleet's own repository.
    pub fn is_fleet(self, source: &Object) -> bool {
        let address = |object: &Object| object.str("/spec/url").map(str::to_owned);
        let own = self.cluster.sources().fleet_source().and_then(|placed| address(placed.object));
        own.zip(address(source)).is_some_and(|(own, other)| url::same_in_any_case(&own, &other))
    }

    /// A policy, by the namespace and name that a marker gives.
    pub fn policy(self, namespace: &str, name: &str) -> Option<ClusterObject<'a>> {
        self.cluster.find(group::IMAGE, "ImagePolicy", namespace, name)
    }

    /// The image that the ImageRepository of a policy scans, if that is known.
    pub fn scanned_image(self, namespace: &str, name: &str) -> Option<&'a Node> {
        let policy = self.policy(namespace, name).filter(|placed| placed.settled)?.object;
        let repository = policy.str("/spec/imageRepositoryRef/name")?;
        let namespace = policy.str("/spec/imageRepositoryRef/namespace").unwrap_or(namespace);
        let found = self.cluster.find(group::IMAGE, "ImageRepository", namespace, repository);
        let image = found.filter(|placed| placed.settled)?.object.at("/spec/image")?;
        image.text_if_set().filter(|text| !text.is_empty() && !text.contains('$')).map(|_| image)
    }

    /// The policies of a namespace that have a name near this one.
    pub fn near_policies(self, namespace: &str, name: &str) -> Vec<&'a str> {
        let policies = self.cluster.of_kind(group::IMAGE, "ImagePolicy");
        let names = policies.map(|placed| &placed.object.id).filter(|id| id.namespace == namespace);
        near(name, &names.map(|id| id.name.as_str()).collect::<Vec<_>>())
    }

    /// Whether an automation uses a policy: it selects all of its namespace, or some by label.
    pub fn uses(self, automation: &Object, policy: &Object) -> bool {
        let selector = automation.at("/spec/policySelector");
        automation.id.namespace == policy.id.namespace
            && selector.is_none_or(|selector| selects_exactly(selector, policy))
    }

    /// What makes images be updated: policies, repositories that are scanned, automations.
    pub fn objects(self) -> impl Iterator<Item = ClusterObject<'a>> {
        self.cluster.objects.of_kinds(|object, _| object == group::IMAGE).filter(|placed| placed.settled)
    }

    /// An object, or the nearest reconciler on the way to it, that a patch does not delete because it lacks the label that the
    /// patch selects, with that patch.
    pub fn missed_by_patch(self, placed: ClusterObject<'a>) -> Option<(&'a Object, DeletingPatch<'a>)> {
        let mut at = placed;
        // Reconcilers hang below each other as a tree; this is the way up.
        for _ in 0..self.cluster.reconcilers.len() {
            // Of what is refused nothing is applied.
            let reconciler = self.cluster.applied_by(at).filter(|reconciler| reconciler.outcome != Outcome::Failed)?;
            let patch = deleting_patches(reconciler).find(|patch| selected_label(patch.selector).is_some());
            if let Some(patch) = patch {
                return Some((at.object, patch));
            }
            at = self.cluster.placed(reconciler)?;
        }
        None
    }
}
