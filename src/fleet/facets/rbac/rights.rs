//! What somebody may do on a cluster: what its roles and bindings say, and what may be there beside them.

use smol_str::{SmolStr, format_smolstr};

use super::Rbac;
use crate::fleet::existence::UnseenGrantor;
use crate::flux::api::group;
use crate::rbac::{
    Answer, Decision, FoundRole, Gap, Judge, PolicyRule, Proof, Request, ResourceRequest, RoleId, User, View,
    covers_all,
};

/// Whether a rule is one that is looked for.
type Wanted<'r> = &'r dyn Fn(&PolicyRule) -> bool;

/// The verbs without which Flux applies nothing. Everybody may `create` questions about their own rights.
const WRITES: [&str; 2] = ["*", "patch"];

/// The rights on a cluster.
#[derive(Clone, Copy, Debug)]
pub struct Rights<'a> {
    pub(super) rbac: Rbac<'a>,
    pub(super) view: View<'a>,
}

impl<'a> Rights<'a> {
    /// What is known.
    pub fn view(self) -> View<'a> {
        self.view
    }

    /// Whether a user may write something in a namespace, whatever it is.
    pub fn can_write_in(self, user: &User, namespace: &str) -> bool {
        let writes = |rule: &PolicyRule| rule.verbs.iter().any(|verb| WRITES.contains(&verb.as_str()));
        self.view.find(user, namespace, &writes).is_allowed()
    }

    /// Whether a user may do everything on the whole cluster; the proof where there is one.
    pub fn everything(self, user: &User) -> Option<Proof<'a>> {
        match self.view.find(user, "", &PolicyRule::is_unlimited) {
            Decision::Allowed(proof) => proof,
            Decision::Denied(_) => None,
        }
    }

    /// Why a binding may be there for anybody that no file shows.
    pub fn open_to_anybody(self, namespace: &str) -> Vec<String> {
        let existence = self.rbac.cluster.existence();
        let scopes = [namespace, ""].into_iter().take(if namespace.is_empty() { 1 } else { 2 });
        let mut found: Vec<String> = Vec::new();
        for grantor in scopes.flat_map(|scope| existence.unseen_binders(scope, ("", "")).collect::<Vec<_>>()) {
            let why = format!("cannot tell whether a binding exists: {}", grantor.why);
            if !found.contains(&why) {
                found.push(why);
            }
        }
        found
    }

    /// Why somebody may have a right although nothing that is known gives it. `group` is that of the resource.
    fn why_open(
        self,
        user: &User,
        namespace: &str,
        group: Option<&str>,
        is_it: Wanted<'_>,
        gaps: &[Gap<'_>],
    ) -> Option<SmolStr> {
        let unknown = gaps.iter().find_map(|gap| match gap {
            Gap::Unknown(why) => Some(why.clone()),
            Gap::Gathers(_) => None,
        });
        unknown
            .or_else(|| self.why_gathered(gaps, group))
            .or_else(|| self.unseen_binder(user, namespace, is_it, &mut Vec::new()))
    }

    /// Who may add to a role that gathers others. Charts add what is theirs, and nothing about Kubernetes' own kinds.
    fn why_gathered(self, gaps: &[Gap<'_>], group: Option<&str>) -> Option<SmolStr> {
        let role = gaps.iter().find_map(|gap| match gap {
            Gap::Gathers(role) => Some(role),
            Gap::Unknown(_) => None,
        })?;
        let is_foreign = group.is_some_and(|group| !is_of_kubernetes(group) && !is_of_flux(group));
        let mut grantors = self.rbac.cluster.existence().unseen_aggregators();
        let grantor = grantors.find(|it| (it.is_own || is_foreign) && self.may_write_cluster_roles(it))?;
        Some(format_smolstr!("ClusterRole `{}` gathers others, and cannot tell which: {}", role.id.name, grantor.why))
    }

    fn may_write_cluster_roles(self, grantor: &UnseenGrantor<'_>) -> bool {
        let Some(user) = grantor.reconciler.map(|reconciler| self.rbac.user_of(reconciler)) else { return true };
        let request = create("clusterroles", "");
        user.is_none_or(|user| self.view.find(&user, "", &|rule| rule.allows(&request)).is_allowed())
    }

    /// Who may create a binding that gives somebody a right. Nobody gives what it does not hold, unless it may `bind`.
    fn unseen_binder(self, user: &User, namespace: &str, is_it: Wanted<'_>, known: &mut Vec<usize>) -> Option<SmolStr> {
        let account = user.as_account().unwrap_or(("", &user.name));
        let scopes = [namespace, ""].into_iter().take(if namespace.is_empty() { 1 } else { 2 });
        for scope in scopes {
            for grantor in self.rbac.cluster.existence().unseen_binders(scope, account) {
                if self.may_grant(&grantor, user, scope, namespace, is_it, known) {
                    return Some(format_smolstr!("cannot tell whether a binding exists: {}", grantor.why));
                }
            }
        }
        None
    }

    fn may_grant(
        self,
        grantor: &UnseenGrantor<'_>,
        user: &User,
        scope: &str,
        namespace: &str,
        is_it: Wanted<'_>,
        known: &mut Vec<usize>,
    ) -> bool {
        let Some(reconciler) = grantor.reconciler else { return true };
        if known.contains(&reconciler.placed) {
            return false;
        }
        known.push(reconciler.placed);
        let Some(by) = self.rbac.user_of(reconciler) else { return true };
        let resource = if scope.is_empty() { "clusterrolebindings" } else { "rolebindings" };
        let (create, bind) = (create(resource, scope), bind(scope));
        let may_create = self.view.find(&by, scope, &|rule| rule.allows(&create));
        let may_bind = || self.view.find(&by, scope, &|rule| rule.allows(&bind)).is_allowed();
        let is_possible = |decision: &Decision<'_>| match decision {
            Decision::Allowed(_) => true,
            Decision::Denied(gaps) => gaps.iter().any(|gap| matches!(gap, Gap::Unknown(_))),
        };
        if !is_possible(&may_create) {
            return false;
        }
        let holds = |known: &mut Vec<usize>| {
            by != *user
                && (is_possible(&self.view.find(&by, namespace, is_it))
                    || self.unseen_binder(&by, namespace, is_it, known).is_some())
        };
        may_bind() || holds(known)
    }
}

impl<'a> Judge<'a> for Rights<'a> {
    fn may(&self, user: &User, request: &Request<'_>) -> Answer<'a> {
        match self.view.decide(user, request) {
            Decision::Allowed(proof) => Answer::Allowed(proof),
            Decision::Denied(gaps) => {
                let group = match request {
                    Request::Resource(request) => Some(request.group),
                    Request::Url { .. } => None,
                };
                let is_it = |rule: &PolicyRule| rule.allows(request);
                let open = self.why_open(user, request.namespace(), group, &is_it, &gaps);
                open.map_or(Answer::Denied, Answer::Undetermined)
            }
        }
    }

    fn holds(&self, user: &User, namespace: &str, rules: &[&PolicyRule]) -> Result<(), (String, Option<SmolStr>)> {
        covers_all(rules, |group, is_it| match self.view.find(user, namespace, is_it) {
            Decision::Allowed(_) => Ok(()),
            Decision::Denied(gaps) => Err(self.why_open(user, namespace, group, is_it, &gaps)),
        })
    }

    fn role(&self, id: &RoleId) -> FoundRole<'a> {
        match self.view.role(id) {
            Some(role) => FoundRole::Role(role),
            None => super::policy::may_exist(self.rbac.cluster, id).map_or(FoundRole::Missing, FoundRole::Unknown),
        }
    }
}

fn create<'r>(resource: &'r str, namespace: &'r str) -> Request<'r> {
    Request::Resource(ResourceRequest { verb: "create", group: group::RBAC, resource, namespace, ..Default::default() })
}

fn bind(namespace: &str) -> Request<'_> {
    Request::Resource(ResourceRequest {
        verb: "bind",
        group: group::RBAC,
        resource: "clusterroles",
        namespace,
        ..Default::default()
    })
}

/// Whether Kubernetes itself serves an API group.
fn is_of_kubernetes(group: &str) -> bool {
    const OTHERS: [&str; 5] = [
        "gateway.networking.k8s.io",
        "snapshot.storage.k8s.io",
        "metrics.k8s.io",
        "cluster.x-k8s.io",
        "wgpolicyk8s.io",
    ];
    !group.contains('.') || group.ends_with(".k8s.io") && !OTHERS.contains(&group) && !group.ends_with("x-k8s.io")
}

fn is_of_flux(group: &str) -> bool {
    crate::fleet::unseen::is_flux_group(group)
}
