//! Whether an object that the graph does not hold can be on a cluster all the same: made by what is not rendered, by hand,
//! by a controller.

use super::Existence;
use super::clues::Clue;
use super::names::MADE_BY_NOBODY_ELSE;
use super::references::{MissingReference, OpenReference, ReferenceUse};
use crate::fleet::unseen::is_flux_group;
use crate::fleet::{AppliedBy, Outcome, Reconciler, ReconcilerKind};
use crate::flux::api::{HelmRelease, group};
use crate::flux::propagation::is_of_kyverno;
use crate::object::ObjectId;

/// The namespaces that every cluster has: not only the fleet puts objects there.
pub const BUILT_IN_NAMESPACES: [&str; 4] = ["default", "kube-node-lease", "kube-public", "kube-system"];

/// The API groups whose objects make none of these: most of Kubernetes' own, and of those that make Secrets or judge.
const MAKES_NONE: [&str; 18] = [
    "",
    "admissionregistration.k8s.io",
    "apiextensions.k8s.io",
    "apiregistration.k8s.io",
    "apps",
    "autoscaling",
    "batch",
    "bitnami.com",
    "cert-manager.io",
    "coordination.k8s.io",
    "external-secrets.io",
    "kustomize.config.k8s.io",
    "networking.k8s.io",
    "node.k8s.io",
    "policy",
    "rbac.authorization.k8s.io",
    "scheduling.k8s.io",
    "storage.k8s.io",
];

impl<'a> Existence<'a> {
    /// Why an object may be there that the graph does not hold; `None`: it cannot be.
    pub(super) fn why_open(self, missing: &MissingReference<'_>) -> Option<OpenReference> {
        let MissingReference { id, uses, clue, .. } = missing;
        if missing.expression().is_some() || missing.lacks_namespace() {
            return None;
        }
        if let Some(seed) = uses.first().filter(|_| uses.iter().all(|it| it.is_seed)) {
            let reason = format!("{} is applied by hand, and what it names may be, too", seed.object.id);
            return Some(OpenReference {
                reason,
                makers: Vec::new(),
                is_elsewhere: true,
                is_of_chart: false,
                is_by_hand: false,
            });
        }
        let is_data = is_data(id);
        // What is there under almost this name says that a chart does not make it, unless its values name it.
        let counts = |it: &Reconciler| {
            let is_chart = it.kind == ReconcilerKind::HelmRelease;
            !(is_chart && is_data && clue.is_some()) || self.release_names(it, id)
        };
        if let Some(creator) = self.could_create_by(id, &missing.waiting, counts) {
            let (reason, is_elsewhere) = (creator.to_string(), creator.object.is_none());
            let is_of_chart = creator.object.is_some_and(|object| HelmRelease::of(object).is_some());
            return Some(OpenReference {
                reason,
                makers: creator.makers,
                is_elsewhere,
                is_of_chart,
                is_by_hand: false,
            });
        }
        let is_evident = clue.is_some_and(|clue| is_evidence(clue, id));
        let reason = match is_flux_group(&id.group) {
            _ if is_evident => None,
            true => self.why_flux_object_is_open(id),
            false if is_data => self.why_data_is_open(id),
            false => self.why_other_is_open(id, uses),
        };
        let is_by_hand = id.group.is_empty() && id.kind == "Secret";
        let open =
            |reason| OpenReference { reason, makers: Vec::new(), is_elsewhere: true, is_of_chart: false, is_by_hand };
        reason.map(open)
    }

    /// Objects of Flux are in Git, but artifacts are made by controllers.
    fn why_flux_object_is_open(self, id: &ObjectId) -> Option<String> {
        let is_artifact = id.group == group::SOURCE && id.kind == "ExternalArtifact";
        is_artifact.then(|| "a controller may create it that fleetlint does not know".to_owned())
    }

    fn why_data_is_open(self, id: &ObjectId) -> Option<String> {
        match id.kind == "Secret" {
            true => Some("nothing in the fleet creates it, but Secrets may be created by hand".to_owned()),
            false => self.why_namespace_is_open(id),
        }
    }

    /// A namespace that nothing in the fleet creates is somebody else's, and so may be any where the roots are assumed.
    fn why_namespace_is_open(self, id: &ObjectId) -> Option<String> {
        if let Some(why) = self.may_hold_more() {
            return Some(why.to_owned());
        }
        let namespace = id.namespace.as_str();
        if namespace == self.cluster.flux_namespace || self.cluster.namespace(namespace).is_some() {
            return None;
        }
        Some(match BUILT_IN_NAMESPACES.contains(&namespace) {
            true => format!("namespace `{namespace}` is on every cluster, and others may create objects there"),
            false => {
                format!("the fleet does not create namespace `{namespace}`, and may not create what is in it either")
            }
        })
    }

    /// Objects of other kinds: operators make them from objects of their own, and Kubernetes makes some from others.
    fn why_other_is_open(self, id: &ObjectId, uses: &[ReferenceUse<'_>]) -> Option<String> {
        if !MADE_BY_NOBODY_ELSE.contains(&(id.group.as_str(), id.kind.as_str())) {
            return Some(format!("a controller may create a {} that no file defines", id.kind));
        }
        if id.namespace == self.cluster.flux_namespace {
            return Some("those who install Flux create objects there".to_owned());
        }
        let is_user = |by: &AppliedBy| match by {
            AppliedBy::Reconciler(id) => uses.iter().any(|it| it.object.id == self.cluster.reconciler(*id).object.id),
            _ => false,
        };
        let mut foreign =
            self.cluster.objects.of_kinds(|group, _| !is_flux_group(group) && !MAKES_NONE.contains(&group));
        let maker = foreign.find(|placed| {
            let namespace = &placed.object.id.namespace;
            let is_near = namespace.is_empty() || *namespace == id.namespace || is_user(&placed.by);
            // What policies may make is known.
            is_near && !is_of_kyverno(placed.object)
        });
        let by_operator =
            maker.map(|placed| format!("a controller may create it from objects of its own, as {}", placed.object.id));
        self.why_namespace_is_open(id).or(by_operator)
    }

    /// The Kustomizations whose folder does not exist and that may have brought an object.
    pub fn lost_makers(self, id: &'a ObjectId) -> impl Iterator<Item = &'a Reconciler> {
        let lost = self.cluster.reconcilers.iter().filter(|it| it.outcome == Outcome::PathNotFound && !it.is_remote);
        lost.filter(move |it| self.is_reachable(it, id))
    }
}

/// A ConfigMap or a Secret.
fn is_data(id: &ObjectId) -> bool {
    id.group.is_empty() && matches!(id.kind.as_str(), "ConfigMap" | "Secret")
}

/// Whether what a person may have meant says that the object itself is not there. Of a Secret there are many of one name.
fn is_evidence(clue: Clue<'_>, id: &ObjectId) -> bool {
    !(id.kind == "Secret" && matches!(clue, Clue::OtherNamespace(_)))
}
