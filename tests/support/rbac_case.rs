//! Questions about roles and bindings, as `testdata/rbac` has them, and our own answers.

// Each harness uses its part.
#![allow(dead_code)]

use std::sync::Arc;

use fleetlint::object::Object;
use fleetlint::rbac::{
    ApplyVerdict, Certainty, Decision, Entry, Given, Judge, Policy, PolicyRule, Request, ResourceRequest, Subject,
    Target, User, apply,
};
use fleetlint::source::Files;
use fleetlint::yaml::{Documents, Node};

/// The objects of a text, one for each document.
pub(crate) fn objects(text: &str) -> Vec<Arc<Object>> {
    let file = Files::default().add("r".into(), None, "rbac.yaml".into(), text.as_bytes().to_vec());
    let stream = Documents::default().of(&file);
    let roots = stream.documents.iter().filter_map(|document| document.as_ref().ok()?.root.clone());
    roots.filter_map(Object::new).map(Arc::new).collect()
}

/// The roles and bindings of a text, with those of the API server.
pub(crate) fn policy(text: &str) -> Policy {
    policy_of(&[Given::of_api_server()], text)
}

/// The roles and bindings of a text, with others.
pub(crate) fn policy_of(given: &[&Given], text: &str) -> Policy {
    let objects = objects(text);
    let entries = objects.iter().map(|object| Entry { object, certainty: Certainty::Known, by: None });
    Policy::new(given, entries, |_| None)
}

/// A user as a case names it: `jane`, `jane+GROUP`, `NAMESPACE/ACCOUNT`.
pub(crate) fn user(text: &str) -> User {
    let mut parts = text.split('+');
    let name = parts.next().unwrap_or_default();
    match name.split_once('/') {
        Some((namespace, name)) => User::account(namespace, name),
        None => User::new(name, parts),
    }
}

/// The answer to a question, as a case has it: `no`, or `yes` and its proof. `documents` are what `apply #0` counts.
pub(crate) fn answer(policy: &Policy, who: &str, question: &str, documents: &[Arc<Object>]) -> String {
    let (user, view) = (user(who), policy.view());
    let said = |is_allowed: bool| if is_allowed { "yes" } else { "no" }.to_owned();
    if let Some(rest) = question.strip_prefix("grant ") {
        let (rules, namespace) = rest.split_once(" -n ").unwrap_or((rest, ""));
        let rules = rules_of(rules);
        let rules: Vec<&PolicyRule> = rules.iter().collect();
        return said(Judge::holds(&view, &user, namespace, &rules).is_ok());
    }
    if let Some(rest) = question.strip_prefix("apply ") {
        let document = |text: &str| &*documents[text.trim_start_matches('#').parse::<usize>().unwrap()];
        let (new, old) = rest.split_once(" over ").map_or((rest, None), |(new, old)| (new, Some(document(old))));
        return said(applies(&view, &user, document(new), old));
    }
    match view.decide(&user, &request(question)) {
        Decision::Denied(_) => said(false),
        Decision::Allowed(None) => said(true),
        Decision::Allowed(Some(proof)) => {
            let place = |namespace: &str, name: &str| match namespace {
                "" => name.to_owned(),
                namespace => format!("{namespace}/{name}"),
            };
            let (binding, role) = (proof.binding, proof.role);
            let subject = match &binding.subjects[proof.subject] {
                Subject::Group(name) => format!("Group {name}"),
                Subject::User(name) => format!("User {name}"),
                Subject::Account(namespace, name) => format!("ServiceAccount {namespace}/{name}"),
                Subject::Nobody => "nobody".to_owned(),
            };
            let name = place(&binding.namespace, &binding.name);
            format!("yes | {} {name} of {} {} to {subject}", binding.kind(), role.kind(), role.name)
        }
    }
}

/// Whether a user may apply a role or a binding.
pub(crate) fn applies<'a>(judge: &dyn Judge<'a>, user: &User, object: &Object, old: Option<&Object>) -> bool {
    let resource = object.id.kind.to_ascii_lowercase() + "s";
    let target = Target { object, resource: &resource, namespace: &object.id.namespace, old };
    matches!(apply(judge, user, target), ApplyVerdict::Allowed(_))
}

/// `VERB RESOURCE[.GROUP][/SUBRESOURCE] [NAME] [-n NAMESPACE]`, or `VERB /URL`.
fn request(question: &str) -> Request<'_> {
    let (question, namespace) = question.split_once(" -n ").unwrap_or((question, ""));
    let mut words = question.split(' ');
    let (verb, what, name) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap_or_default());
    if what.starts_with('/') {
        return Request::Url { verb, path: what };
    }
    let (what, subresource) = what.split_once('/').unwrap_or((what, ""));
    let (resource, group) = what.split_once('.').unwrap_or((what, ""));
    Request::Resource(ResourceRequest { verb, group, resource, subresource, namespace, name })
}

/// The rules of a JSON list.
pub(crate) fn rules_of(json: &str) -> Vec<PolicyRule> {
    let text = format!("apiVersion: v1\nkind: Rules\nmetadata: {{name: x}}\nrules: {json}\n");
    let objects = objects(&text);
    objects[0].at("/rules").map(Node::items).unwrap_or_default().iter().map(PolicyRule::read).collect()
}
