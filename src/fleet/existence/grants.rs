//! Who may create roles and bindings that no file shows.

use super::Existence;
use super::unknowns::{reason, set_may_create};
use crate::fleet::{Cluster, Outcome, Reconciler, ReconcilerKind, Remote, Unseen};
use crate::flux::api::group;
use crate::flux::propagation::may_make;
use crate::object::ObjectId;

/// Kinds of which a controller makes bindings: by group, and kind where not all of the group do.
const BINDING_MAKERS: [(&str, Option<&str>); 7] = [
    ("rbacmanager.reactiveops.io", None),
    ("capsule.clastix.io", None),
    ("hnc.x-k8s.io", None),
    ("kubernetes.crossplane.io", Some("Object")),
    ("kubernetes.m.crossplane.io", Some("Object")),
    ("infra.contrib.fluxcd.io", Some("Terraform")),
    ("helm.cattle.io", Some("HelmChart")),
];

/// Somebody who may create a role or a binding that no file shows.
#[derive(Clone, Debug)]
pub struct UnseenGrantor<'a> {
    /// `None`: nothing that Flux reconciles.
    pub reconciler: Option<&'a Reconciler>,
    /// What nobody else publishes than who owns the fleet: what others publish knows none of the fleet's names.
    pub is_own: bool,
    /// As the end of a reason.
    pub why: String,
}

impl<'a> Existence<'a> {
    /// Who may create a binding in a namespace, or for the whole cluster (empty), that names an account (namespace and name),
    /// or a user by its name where the namespace is empty.
    pub fn unseen_binders<'s>(
        self,
        namespace: &str,
        account: (&'s str, &'s str),
    ) -> impl Iterator<Item = UnseenGrantor<'a>> + use<'a, 's> {
        let kind = if namespace.is_empty() { "ClusterRoleBinding" } else { "RoleBinding" };
        let id = ObjectId {
            group: group::RBAC.into(),
            kind: kind.into(),
            namespace: namespace.into(),
            // A file with a binding for an account names the account.
            name: account.1.into(),
        };
        let beside = self.binders_beside(&id);
        let unseen = self.cluster.reconcilers.iter().filter(|reconciler| !reconciler.is_remote);
        let binds = unseen.filter(move |reconciler| self.may_bind(reconciler, &id, account));
        beside.into_iter().chain(binds.map(move |reconciler| self.grantor(reconciler)))
    }

    /// Who may create ClusterRoles that others gather by their labels.
    pub fn unseen_aggregators(self) -> impl Iterator<Item = UnseenGrantor<'a>> {
        let unseen = self.cluster.reconcilers.iter().filter(|it| !it.is_remote);
        let open = unseen.filter(move |it| match &it.unseen {
            Unseen::Nothing => false,
            Unseen::Anything if it.kind == ReconcilerKind::HelmRelease => !self.is_flux_operator(it),
            Unseen::Anything => it.kind != ReconcilerKind::Kustomization || !self.holds_foreign_crds(it),
            Unseen::Bounded(bounds) => !bounds.remote.is_empty(),
        });
        let beside =
            self.may_hold_more().map(|why| UnseenGrantor { reconciler: None, is_own: true, why: why.to_owned() });
        beside.into_iter().chain(open.map(move |reconciler| self.grantor(reconciler)))
    }

    fn grantor(self, reconciler: &'a Reconciler) -> UnseenGrantor<'a> {
        let id = &reconciler.object.id;
        let why = format!("{} `{}/{}` may create it ({})", id.kind, id.namespace, id.name, reason(reconciler));
        let is_own = match &reconciler.unseen {
            Unseen::Bounded(bounds) => bounds.remote.iter().any(|remote| remote.published.is_none()),
            _ => reconciler.outcome != Outcome::Opaque,
        };
        UnseenGrantor { reconciler: Some(reconciler), is_own, why }
    }

    /// What may bind somebody beside what Flux reconciles: by hand, by a policy, by a controller.
    fn binders_beside(self, id: &ObjectId) -> Option<UnseenGrantor<'a>> {
        let by_hand =
            |known: &&ObjectId| known.group == id.group && known.kind == id.kind && known.namespace == id.namespace;
        let by_hand =
            self.cluster.beyond.by_hand.iter().find(by_hand).map(|known| format!("{known} is applied by hand"));
        let namespace = self.cluster.namespace(&id.namespace).map(|placed| placed.object);
        let by_policy = || {
            let mut policies =
                self.cluster.objects.with_role(crate::fleet::roles::Role::Policy).map(|placed| placed.object);
            let policy = policies.find(|it| may_make(it, (&id.kind, &id.namespace, &id.name), namespace).is_some())?;
            Some(format!("{} may generate bindings", policy.id))
        };
        let is_maker = |group: &str, kind: &str| {
            BINDING_MAKERS.iter().any(|(known, only)| *known == group && only.is_none_or(|only| only == kind))
        };
        let by_controller = || {
            let maker = self.cluster.objects.of_kinds(is_maker).next()?;
            Some(format!("a controller may create bindings from {}", maker.object.id))
        };
        let why = self.may_hold_more().map(str::to_owned).or(by_hand).or_else(by_policy).or_else(by_controller)?;
        Some(UnseenGrantor { reconciler: None, is_own: true, why })
    }

    fn may_bind(self, reconciler: &Reconciler, id: &ObjectId, account: (&str, &str)) -> bool {
        match &reconciler.unseen {
            Unseen::Nothing => false,
            Unseen::Anything => match reconciler.kind {
                ReconcilerKind::HelmRelease => self.chart_may_bind(reconciler, id, account),
                ReconcilerKind::ResourceSet => set_may_create(&reconciler.object, id),
                _ => self.is_reachable(reconciler, id) && !self.holds_foreign_crds(reconciler),
            },
            Unseen::Bounded(bounds) => {
                // What others publish binds its own accounts.
                let is_its_own = |remote: &Remote| match (&remote.published, &remote.namespace) {
                    (None, _) => true,
                    (Some(_), Some(namespace)) => namespace == account.0,
                    (Some(_), None) => !is_of_fleet(self.cluster, account),
                };
                let bounds_it = bounds.remote.iter().any(is_its_own) || bounds.files.is_some();
                bounds_it && self.is_reachable(reconciler, id) && self.is_within(bounds, reconciler, id)
            }
        }
    }
}

/// Whether the fleet itself creates an account, or Kubernetes does, in each namespace: charts bind those that they create.
pub(super) fn is_of_fleet(cluster: &Cluster, account: (&str, &str)) -> bool {
    account.1 == "default" || cluster.find("", "ServiceAccount", account.0, account.1).is_some()
}
