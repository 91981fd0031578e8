//! Which of the roles and bindings in the fleet get onto the cluster: who has no right to apply them brings none.

use super::Rbac;
use super::policy::{Standing, Standings, policy};
use super::rights::Rights;
use crate::fleet::{AppliedBy, Identity, Reconciler, ReconcilerId, ReconcilerKind};
use crate::flux::api::group;
use crate::object::ObjectId;
use crate::rbac::{ApplyVerdict, Denial, RoleId};

/// What becomes of the roles and bindings of those that do not apply as the controller. Nobody counts before it is known that
/// it can apply: otherwise whoever binds itself to a role could.
pub(super) fn standings(rbac: Rbac<'_>) -> Standings {
    let mut open: Vec<usize> = (0..rbac.cluster.reconcilers.len()).filter(|&index| is_judged(rbac, index)).collect();
    let mut standings: Standings = open.iter().map(|&index| (index, Standing::Absent)).collect();
    // Each round brings the rights of at least one more, or ends it.
    while !open.is_empty() {
        let known = policy(rbac.cluster, &standings, &[]);
        let rights = rbac.rights_in(&known);
        let verdicts: Vec<(usize, Verdict)> = open.iter().map(|&index| (index, verdict(rights, index))).collect();
        // What cannot be told may be allowed once others have brought their bindings.
        let next = [Verdict::Allowed, Verdict::Unknown].into_iter().find(|it| verdicts.iter().any(|(_, is)| is == it));
        let Some(next) = next else { break };
        for (index, _) in verdicts.into_iter().filter(|(_, verdict)| *verdict == next) {
            open.retain(|other| *other != index);
            match next {
                Verdict::Allowed => _ = standings.remove(&index),
                Verdict::Unknown | Verdict::Denied => _ = standings.insert(index, Standing::Unknown),
            }
        }
    }
    standings
}

/// Whether a reconciler brings roles or bindings, and not as its controller.
fn is_judged(rbac: Rbac<'_>, index: usize) -> bool {
    let Some(reconciler) = rbac.cluster.reconcilers.get(index) else { return false };
    // Whoever sets up a cluster applies its root by hand first, and Flux with it.
    if reconciler.parent.is_none() || rbac.is_controller(reconciler) {
        return false;
    }
    let is_named = matches!(reconciler.identity, Identity::Named(_) | Identity::Default(_)) && !reconciler.is_remote;
    let applies = matches!(reconciler.kind, ReconcilerKind::Kustomization | ReconcilerKind::ResourceSet);
    is_named && applies && reconciler.applied.iter().any(|object| object.id.group == group::RBAC)
}

/// Whether a reconciler can apply all that it brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    Allowed,
    Unknown,
    Denied,
}

fn verdict(rights: Rights<'_>, index: usize) -> Verdict {
    let rbac = rights.rbac;
    let Some(reconciler) = rbac.cluster.reconcilers.get(index) else { return Verdict::Unknown };
    let Some(user) = rbac.user_of(reconciler) else { return Verdict::Unknown };
    if rights.everything(&user).is_some() {
        return Verdict::Allowed;
    }
    let by = AppliedBy::Reconciler(ReconcilerId(index));
    let verdicts = reconciler.applied.iter().map(|object| {
        let old = rbac.cluster.get(&object.id).filter(|held| held.by != by).map(|held| held.object);
        match rbac.verdict(rights, &user, object, old) {
            ApplyVerdict::Allowed(_) => Verdict::Allowed,
            // ClusterRoles come before what names them.
            ApplyVerdict::Denied(Denial::NoRole(role)) if brings(reconciler, &role) => Verdict::Unknown,
            ApplyVerdict::Denied(_) if rbac.why_beyond(reconciler).is_some() => Verdict::Unknown,
            ApplyVerdict::Denied(_) => Verdict::Denied,
            ApplyVerdict::Undetermined(_) => Verdict::Unknown,
        }
    });
    verdicts.max().unwrap_or(Verdict::Allowed)
}

/// Whether a reconciler brings a ClusterRole itself.
fn brings(reconciler: &Reconciler, role: &RoleId) -> bool {
    let is_it = |id: &ObjectId| id.group == group::RBAC && id.kind == "ClusterRole" && id.name == role.name;
    role.namespace.is_empty() && reconciler.applied.iter().any(|object| is_it(&object.id))
}
