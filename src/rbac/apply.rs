//! Whether somebody may apply an object: the verbs of a server-side apply, and for roles and bindings what keeps people from
//! granting more than they hold (kubernetes-facts sections 2.1 and 3).

use std::collections::BTreeMap;
use std::sync::Arc;

use smol_str::SmolStr;

use super::authorize::{Decision, Gap, Proof, View};
use super::binding::{Binding, referenced};
use super::request::{Request, ResourceRequest, User};
use super::role::{Role, RoleId};
use super::rule::{Atom, PolicyRule};
use super::validate::{Invalid, invalid};
use crate::object::Object;
use crate::yaml::Node;

/// The API group of roles and bindings.
const GROUP: &str = "rbac.authorization.k8s.io";

/// Something that is not allowed, is, or cannot be told.
#[derive(Clone, Debug)]
pub enum Answer<'a> {
    /// Without a proof where nobody is asked (`system:masters`).
    Allowed(Option<Proof<'a>>),
    Denied,
    /// Lower case, no full stop.
    Undetermined(SmolStr),
}

/// Whether somebody may apply an object.
#[derive(Clone, Debug)]
pub enum ApplyVerdict<'a> {
    /// By this rule, where one was asked for.
    Allowed(Option<Proof<'a>>),
    Denied(Denial),
    /// Lower case, no full stop.
    Undetermined(SmolStr),
}

/// Why the API server refuses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Denial {
    /// Whoever applies it.
    Invalid(Invalid),
    /// The verb is not allowed on this object.
    Verb(&'static str),
    /// It grants something that the user does not hold; the text says what.
    Grants(String),
    /// It gathers other roles, which takes every right.
    Gathers,
    /// It binds a role that is not there.
    NoRole(RoleId),
}

/// A role as far as it is known.
#[derive(Clone, Debug)]
pub enum FoundRole<'a> {
    Role(&'a Role),
    /// It may be there, for this reason.
    Unknown(SmolStr),
    Missing,
}

/// Who decides: what is known, and maybe what else may be there.
pub trait Judge<'a> {
    /// Whether a user may do something.
    fn may(&self, user: &User, request: &Request<'_>) -> Answer<'a>;

    /// Whether a user holds all of some rules in a namespace, or on the whole cluster (empty). If not, what is missing; the
    /// reason where that cannot be told.
    fn holds(&self, user: &User, namespace: &str, rules: &[&PolicyRule]) -> Result<(), (String, Option<SmolStr>)>;

    /// A role.
    fn role(&self, id: &RoleId) -> FoundRole<'a>;
}

impl<'a> Judge<'a> for View<'a> {
    fn may(&self, user: &User, request: &Request<'_>) -> Answer<'a> {
        match self.decide(user, request) {
            Decision::Allowed(proof) => Answer::Allowed(proof),
            Decision::Denied(gaps) => first_unknown(&gaps).map_or(Answer::Denied, Answer::Undetermined),
        }
    }

    fn holds(&self, user: &User, namespace: &str, rules: &[&PolicyRule]) -> Result<(), (String, Option<SmolStr>)> {
        covers_all(rules, |_, is_it| match self.find(user, namespace, is_it) {
            Decision::Allowed(_) => Ok(()),
            Decision::Denied(gaps) => Err(first_unknown(&gaps)),
        })
    }

    fn role(&self, id: &RoleId) -> FoundRole<'a> {
        View::role(*self, id).map_or(FoundRole::Missing, FoundRole::Role)
    }
}

/// Whether all parts of some rules are held. `holds` says it of one part, of which it is given the API group and what a held
/// rule has to be. If not, the first part that is not, and why that cannot be told.
pub fn covers_all(
    rules: &[&PolicyRule],
    holds: impl Fn(Option<&str>, &dyn Fn(&PolicyRule) -> bool) -> Result<(), Option<SmolStr>>,
) -> Result<(), (String, Option<SmolStr>)> {
    let mut open = None;
    for atom in rules.iter().flat_map(|rule| rule.atoms()) {
        let group = match atom {
            Atom::Resource { group, .. } => Some(group),
            Atom::Url { .. } => None,
        };
        match holds(group, &|rule| rule.covers(&atom)) {
            Ok(()) => {}
            Err(None) => return Err((atom.to_string(), None)),
            Err(why) => _ = open.get_or_insert_with(|| (atom.to_string(), why)),
        }
    }
    open.map_or(Ok(()), Err)
}

/// What is not known, where something is not.
fn first_unknown(gaps: &[Gap<'_>]) -> Option<SmolStr> {
    gaps.iter().find_map(|gap| match gap {
        Gap::Unknown(why) => Some(why.clone()),
        Gap::Gathers(_) => None,
    })
}

/// An object that is applied, as the API server is asked for it.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    pub object: &'a Object,
    pub resource: &'a str,
    /// Empty where it is in none.
    pub namespace: &'a str,
    /// What the cluster holds of that name.
    pub old: Option<&'a Object>,
}

impl Target<'_> {
    fn request<'r>(&'r self, verb: &'r str) -> Request<'r> {
        let id = &self.object.id;
        let is_namespace = id.group.is_empty() && id.kind == "Namespace";
        Request::Resource(ResourceRequest {
            verb,
            group: &id.group,
            resource: self.resource,
            subresource: "",
            namespace: if is_namespace { &id.name } else { self.namespace },
            name: &id.name,
        })
    }
}

/// Whether a user may apply an object: `patch`, `create` where the cluster does not hold it, and for roles and bindings the
/// check against escalation.
pub fn apply<'a>(judge: &dyn Judge<'a>, user: &User, target: Target<'_>) -> ApplyVerdict<'a> {
    if let Some(invalid) = invalid(target.object) {
        return ApplyVerdict::Denied(Denial::Invalid(invalid));
    }
    let verbs = ["patch", "create"].into_iter().take(if target.old.is_some() { 1 } else { 2 });
    let asked = verbs.map(|verb| match judge.may(user, &target.request(verb)) {
        Answer::Allowed(proof) => ApplyVerdict::Allowed(proof),
        Answer::Denied => ApplyVerdict::Denied(Denial::Verb(verb)),
        Answer::Undetermined(why) => ApplyVerdict::Undetermined(why),
    });
    let mut verdicts: Vec<ApplyVerdict<'a>> = asked.collect();
    let is_denied = |it: &ApplyVerdict<'_>| matches!(it, ApplyVerdict::Denied(_));
    if target.object.id.group == GROUP && !user.bypasses() && !verdicts.iter().any(is_denied) && is_changed(target) {
        verdicts.push(escalation(judge, user, target));
    }
    let worst = |it: &ApplyVerdict<'_>| match it {
        ApplyVerdict::Denied(_) => 0,
        ApplyVerdict::Undetermined(_) => 1,
        ApplyVerdict::Allowed(_) => 2,
    };
    verdicts.into_iter().min_by_key(worst).unwrap_or(ApplyVerdict::Allowed(None))
}

fn escalation<'a>(judge: &dyn Judge<'a>, user: &User, target: Target<'_>) -> ApplyVerdict<'a> {
    let object = Arc::new(target.object.clone());
    match object.id.kind.as_str() {
        "Role" | "ClusterRole" => writes_role(judge, user, target, &Role::read(&object)),
        _ => binds_role(judge, user, target),
    }
}

fn writes_role<'a>(judge: &dyn Judge<'a>, user: &User, target: Target<'_>, role: &Role) -> ApplyVerdict<'a> {
    let escalate = judge.may(user, &target.request("escalate"));
    if matches!(escalate, Answer::Allowed(_)) {
        return ApplyVerdict::Allowed(None);
    }
    let why = |why: Option<SmolStr>| why.or_else(|| unknown(&escalate));
    let rules: Vec<&PolicyRule> = role.rules.iter().map(|granted| &granted.rule).collect();
    if let Err((what, open)) = judge.holds(user, target.namespace, &rules) {
        return denied(Denial::Grants(what), why(open));
    }
    let gathers = |object: &Object| object.id.kind == "ClusterRole" && is_set(object, "/aggregationRule");
    if gathers(target.object) || target.old.is_some_and(gathers) {
        let everything = PolicyRule::everything();
        let all: Vec<&PolicyRule> = everything.iter().collect();
        if let Err((_, open)) = judge.holds(user, "", &all) {
            return denied(Denial::Gathers, why(open));
        }
    }
    ApplyVerdict::Allowed(None)
}

fn binds_role<'a>(judge: &dyn Judge<'a>, user: &User, target: Target<'_>) -> ApplyVerdict<'a> {
    let Some(id) = referenced(target.object, target.namespace) else { return ApplyVerdict::Allowed(None) };
    let resource = if id.namespace.is_empty() { "clusterroles" } else { "roles" };
    let (namespace, name) = (target.namespace, id.name.as_str());
    let bind = ResourceRequest { verb: "bind", group: GROUP, resource, namespace, name, subresource: "" };
    let bind = judge.may(user, &Request::Resource(bind));
    if matches!(bind, Answer::Allowed(_)) {
        return ApplyVerdict::Allowed(None);
    }
    match judge.role(&id) {
        FoundRole::Missing => denied(Denial::NoRole(id), unknown(&bind)),
        FoundRole::Unknown(why) => ApplyVerdict::Undetermined(why),
        FoundRole::Role(role) => {
            let rules: Vec<&PolicyRule> = role.rules.iter().map(|granted| &granted.rule).collect();
            match judge.holds(user, namespace, &rules) {
                Err((what, open)) => denied(Denial::Grants(what), open.or_else(|| unknown(&bind))),
                // Nothing is held by everybody.
                Ok(()) => role.open.clone().map_or(ApplyVerdict::Allowed(None), ApplyVerdict::Undetermined),
            }
        }
    }
}

fn denied<'a>(denial: Denial, open: Option<SmolStr>) -> ApplyVerdict<'a> {
    open.map_or(ApplyVerdict::Denied(denial), ApplyVerdict::Undetermined)
}

fn unknown(answer: &Answer<'_>) -> Option<SmolStr> {
    match answer {
        Answer::Undetermined(why) => Some(why.clone()),
        Answer::Allowed(_) | Answer::Denied => None,
    }
}

/// Whether a mapping is there, be it empty.
fn is_set(object: &Object, pointer: &str) -> bool {
    object.at(pointer).is_some_and(|node| node.as_mapping().is_some())
}

/// Whether it changes what the cluster holds. An update that changes nothing is not checked.
fn is_changed(target: Target<'_>) -> bool {
    target.old.is_none_or(|old| Content::of(target.object) != Content::of(old))
}

/// What counts as a change of a role or a binding.
#[derive(PartialEq)]
struct Content {
    metadata: Vec<BTreeMap<String, String>>,
    rules: Vec<PolicyRule>,
    gathers: Option<Vec<super::selector::Selector>>,
    subjects: Vec<[String; 4]>,
    role: Option<RoleId>,
}

impl Content {
    fn of(object: &Object) -> Self {
        let shared = Arc::new(object.clone());
        let role = Role::read(&shared);
        let texts = |pointer: &str| {
            let entries = object.at(pointer).map(Node::entries).unwrap_or_default();
            let text = |node: &Node| node.text().unwrap_or_default().to_owned();
            entries.iter().map(|entry| (text(&entry.key), text(&entry.value))).collect()
        };
        let subjects = object.at("/subjects").map(Node::items).unwrap_or_default();
        let subject = |node: &Node| {
            let text = |key: &str| node.get(key).and_then(Node::text_if_set).unwrap_or_default().to_owned();
            let group = match text("apiGroup") {
                group if group.is_empty() && text("kind") != "ServiceAccount" => GROUP.to_owned(),
                group => group,
            };
            [text("kind"), group, text("namespace"), text("name")]
        };
        Self {
            metadata: vec![texts("/metadata/labels"), texts("/metadata/annotations")],
            rules: role.rules.iter().map(|granted| granted.rule.clone()).collect(),
            gathers: role.gathers,
            subjects: subjects.iter().map(subject).collect(),
            role: Binding::read(&shared).role,
        }
    }
}
