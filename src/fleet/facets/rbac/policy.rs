//! The roles and bindings of a cluster, as the authorizer takes them.

use std::collections::HashMap;
use std::sync::Arc;

use smol_str::SmolStr;

use crate::fleet::{AppliedBy, Cluster, ClusterObject, Unseen};
use crate::flux::api::group;
use crate::object::{Object, ObjectId};
use crate::rbac::{Certainty, Entry, Given, Policy, RoleId, invalid};

/// How the names of roles begin that Kubernetes distributions and cloud providers bring along.
const OF_PROVIDERS: [&str; 9] =
    ["system:", "kubeadm:", "eks:", "aks-", "gke-", "gce:", "cloud-provider", "cluster-autoscaler", "azure"];

/// How Flux calls the role that its controllers have.
const FLUX_ROLE: &str = "crd-controller";

/// What becomes of the roles and bindings that a reconciler brings, by its position.
pub(super) type Standings = HashMap<usize, Standing>;

/// Whether a reconciler can apply what it brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is not decided yet, or it cannot: nothing of what it brings is there.
    Absent,
    /// It cannot be told.
    Unknown,
}

/// The policy of a cluster; `more` are ClusterRoles that it does not hold yet.
pub(super) fn policy(cluster: &Cluster, standings: &Standings, more: &[Arc<Object>]) -> Policy {
    let is_policy = |group: &str, kind: &str| {
        group == group::RBAC && matches!(kind, "Role" | "ClusterRole" | "RoleBinding" | "ClusterRoleBinding")
    };
    let is_flux_there = cluster.of_kind(group::RBAC, "ClusterRole").any(|it| it.object.id.name.starts_with(FLUX_ROLE));
    let flux = (!is_flux_there).then(|| Given::of_flux(&cluster.flux_namespace));
    let operator = (!cluster.is_bootstrapped).then(|| Given::of_operator(&cluster.flux_namespace));
    let given: Vec<&Given> =
        [Some(Given::of_api_server()), flux.as_ref(), operator.as_ref()].into_iter().flatten().collect();
    // What the API server refuses grants nothing.
    let valid = cluster.objects.of_kinds(is_policy).filter(|placed| invalid(placed.object).is_none());
    // Without a namespace it is not applied.
    let placed = valid.filter(|it| it.object.id.kind.starts_with("Cluster") || !it.object.id.namespace.is_empty());
    let entries = placed.filter_map(|placed| {
        let by = match placed.by {
            AppliedBy::Reconciler(id) => Some(id.0),
            _ => None,
        };
        let certainty = match by.and_then(|by| standings.get(&by)) {
            Some(Standing::Absent) => return None,
            Some(Standing::Unknown) => Certainty::OpenValues.max(certainty(cluster, placed)),
            None => certainty(cluster, placed),
        };
        Some(Entry { object: placed.shared, certainty, by })
    });
    let more = more.iter().map(|object| Entry { object, certainty: Certainty::Known, by: None });
    Policy::new(&given, more.chain(entries), |id| may_exist(cluster, id))
}

fn certainty(cluster: &Cluster, placed: ClusterObject<'_>) -> Certainty {
    let is_built = cluster.applied_by(placed).is_some_and(|reconciler| match &reconciler.unseen {
        Unseen::Nothing => true,
        Unseen::Bounded(bounds) => bounds.remote.is_empty(),
        Unseen::Anything => false,
    });
    match placed.settled {
        true => Certainty::Known,
        false if is_built => Certainty::OpenValues,
        false => Certainty::Open,
    }
}

/// Why a role may be on the cluster although nothing that is known creates it.
pub(super) fn may_exist(cluster: &Cluster, id: &RoleId) -> Option<SmolStr> {
    let shown = || match id.namespace.as_str() {
        "" => format!("ClusterRole `{}`", id.name),
        namespace => format!("Role `{namespace}/{}`", id.name),
    };
    if id.namespace.is_empty() && OF_PROVIDERS.iter().any(|prefix| id.name.starts_with(prefix)) {
        return Some(format!("whoever provides the cluster may bring {} along", shown()).into());
    }
    let object = ObjectId {
        group: group::RBAC.into(),
        kind: id.kind().into(),
        namespace: id.namespace.clone(),
        name: id.name.clone(),
    };
    let existence = cluster.existence();
    let creator = existence.could_create(&object, &[])?;
    Some(format!("cannot tell whether {} exists: {creator}", shown()).into())
}
