//! Whether somebody may do something: the decision of the API server's RBAC authorizer, with its proof.

use smol_str::{SmolStr, format_smolstr};

use super::binding::{Binding, Subject};
use super::policy::{Bound, Certainty, Policy};
use super::request::{Request, User};
use super::role::{GrantedRule, Role, RoleId};
use super::rule::PolicyRule;

/// Why something is allowed: a rule, in effect through a binding.
#[derive(Clone, Copy, Debug)]
pub struct Proof<'a> {
    pub binding: &'a Binding,
    /// The position of the subject in the binding.
    pub subject: usize,
    /// The role that is bound; the rule may be written in one that it gathers.
    pub role: &'a RoleId,
    pub rule: &'a GrantedRule,
}

/// What the roles and bindings that are known say.
#[derive(Clone, Debug)]
pub enum Decision<'a> {
    /// It is allowed; without a proof where nobody is asked (`system:masters`).
    Allowed(Option<Proof<'a>>),
    /// Nothing allows it, but these may.
    Denied(Vec<Gap<'a>>),
}

/// Something that may allow what nothing allows that is known.
#[derive(Clone, Debug)]
pub enum Gap<'a> {
    /// It is not known in full, as the text says.
    Unknown(SmolStr),
    /// This role gathers others by their labels, and some of these may not be known.
    Gathers(&'a Role),
}

impl Decision<'_> {
    /// Whether it is allowed.
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed(_))
    }
}

/// The roles and bindings of a cluster, without those that some of the appliers bring.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    policy: &'a Policy,
    /// By [`super::Entry::by`].
    without: &'a [usize],
}

impl Policy {
    /// All of it.
    pub fn view(&self) -> View<'_> {
        self.without(&[])
    }

    /// As if some appliers had not brought their bindings yet.
    pub fn without<'a>(&'a self, appliers: &'a [usize]) -> View<'a> {
        View { policy: self, without: appliers }
    }
}

impl<'a> View<'a> {
    /// A role by its identity. ClusterRoles come before everything else that is applied together with them, Roles do not.
    pub fn role(self, id: &RoleId) -> Option<&'a Role> {
        let is_there =
            |role: &&Role| role.id.namespace.is_empty() || role.by.is_none_or(|by| !self.without.contains(&by));
        self.policy.role(id).filter(is_there)
    }

    /// Whether a user may do something.
    pub fn decide(self, user: &User, request: &Request<'_>) -> Decision<'a> {
        match self.find(user, request.namespace(), &|rule| rule.allows(request)) {
            Decision::Denied(_) if user.bypasses() => Decision::Allowed(None),
            decision => decision,
        }
    }

    /// Everything that allows a request, whoever is bound.
    pub fn grants(self, request: &Request<'_>) -> Vec<Proof<'a>> {
        let known = self.policy.bindings().filter(|it| is_in_scope(it, request.namespace()));
        let proofs = known.flat_map(|binding| {
            let role = binding.role.as_ref().and_then(|id| self.role(id));
            let rule = role.and_then(|role| Some((role, role.rules.iter().find(|it| it.rule.allows(request))?)));
            let proof = move |subject| rule.map(|(role, rule)| Proof { binding, subject, role: &role.id, rule });
            (0..binding.subjects.len()).filter_map(proof)
        });
        proofs.filter(|proof| proof.binding.subjects.get(proof.subject) != Some(&Subject::Nobody)).collect()
    }

    /// The roles that a user has in a namespace, or on the whole cluster.
    pub fn roles_of(self, user: &User, namespace: &str) -> Vec<(&'a Binding, &'a Role)> {
        let bound = self.bound(user, namespace).into_iter();
        bound.filter_map(|(bound, _)| Some((&bound.binding, self.role(bound.binding.role.as_ref()?)?))).collect()
    }

    fn bound(self, user: &User, namespace: &str) -> Vec<(&'a Bound, usize)> {
        let mut found = self.policy.bindings_of(user);
        found.retain(|(bound, _)| is_in_scope(&bound.binding, namespace) && self.counts(bound));
        found
    }

    fn counts(self, bound: &Bound) -> bool {
        bound.by.is_none_or(|by| !self.without.contains(&by))
    }

    /// The same for whatever rule is meant.
    pub fn find(self, user: &User, namespace: &str, is_it: &dyn Fn(&PolicyRule) -> bool) -> Decision<'a> {
        let mut gaps = Vec::new();
        for (bound, subject) in self.bound(user, namespace) {
            let binding = &bound.binding;
            let Some(role) = binding.role.as_ref().and_then(|id| self.role(id)) else {
                gaps.extend(bound.missing.clone().map(Gap::Unknown));
                continue;
            };
            if let Some(rule) = role.rules.iter().find(|it| is_it(&it.rule)) {
                return Decision::Allowed(Some(Proof { binding, subject, role: &role.id, rule }));
            }
            gaps.extend(role.open.clone().map(Gap::Unknown));
            gaps.extend(role.gathers.is_some().then_some(Gap::Gathers(role)));
        }
        gaps.extend(self.open_gaps(user, namespace, is_it));
        Decision::Denied(gaps)
    }

    /// The bindings of which not all is known and that may allow it.
    fn open_gaps(self, user: &User, namespace: &str, is_it: &dyn Fn(&PolicyRule) -> bool) -> Vec<Gap<'a>> {
        let open = self.policy.open_bindings().filter(|bound| self.counts(bound));
        let open = open.filter(|bound| may_name(bound, user) && may_be_in_scope(bound, namespace));
        let may_allow = |bound: &&Bound| {
            let Some(id) = bound.binding.role.as_ref().filter(|_| bound.certainty == Certainty::OpenValues) else {
                return true;
            };
            match self.role(id) {
                Some(role) => role.open.is_some() || role.rules.iter().any(|it| is_it(&it.rule)),
                None => has_variable(&id.name) || bound.missing.is_some(),
            }
        };
        let reason = |bound: &Bound| {
            let Binding { namespace, name, .. } = &bound.binding;
            let kind = bound.binding.kind();
            Gap::Unknown(match namespace.as_str() {
                "" => format_smolstr!("not all of {kind} `{name}` is known"),
                namespace => format_smolstr!("not all of {kind} `{namespace}/{name}` is known"),
            })
        };
        open.filter(may_allow).map(reason).collect()
    }
}

/// Whether what a binding grants holds in a namespace, or on the whole cluster (empty).
fn is_in_scope(binding: &Binding, namespace: &str) -> bool {
    binding.is_cluster_wide() || !namespace.is_empty() && binding.namespace == namespace
}

fn may_be_in_scope(bound: &Bound, namespace: &str) -> bool {
    let Binding { namespace: own, .. } = &bound.binding;
    own.is_empty() || !namespace.is_empty() && (bound.certainty == Certainty::Open || may_be(own, namespace))
}

fn may_name(bound: &Bound, user: &User) -> bool {
    let is_one = |subject: &Subject| match subject {
        Subject::Group(name) => user.groups.iter().any(|group| may_be(name, group)),
        subject => subject.user_name().is_some_and(|name| may_be(&name, &user.name)),
    };
    bound.certainty == Certainty::Open || bound.binding.subjects.iter().any(is_one)
}

/// Whether a text may be another one once its variables have values.
fn may_be(text: &str, wanted: &str) -> bool {
    match (text.split_once("${"), text.rsplit_once('}')) {
        (Some((before, _)), Some((_, after))) => wanted.starts_with(before) && wanted.ends_with(after),
        _ => text == wanted,
    }
}

fn has_variable(text: &str) -> bool {
    text.contains("${")
}
