//! What the API server refuses in a role or a binding, whoever applies it (kubernetes-facts section 2).

use crate::object::Object;
use crate::yaml::Node;

/// The API group of roles, and of users and groups as subjects.
const GROUP: &str = "rbac.authorization.k8s.io";

/// What is wrong with a role or a binding: the field, and what about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// A JSON pointer.
    pub pointer: String,
    pub message: String,
}

impl Invalid {
    fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), message: message.into() }
    }
}

/// The first thing that the API server refuses in a role or a binding; `None` for other objects, too.
pub fn invalid(object: &Object) -> Option<Invalid> {
    if object.id.group != GROUP {
        return None;
    }
    let is_namespaced = matches!(object.id.kind.as_str(), "Role" | "RoleBinding");
    let name = is_no_segment(&object.id.name).then(|| Invalid::new("/metadata/name", "it cannot be a name"));
    name.or_else(|| match object.id.kind.as_str() {
        "Role" | "ClusterRole" => invalid_role(object, is_namespaced),
        "RoleBinding" | "ClusterRoleBinding" => invalid_binding(object, is_namespaced),
        _ => None,
    })
}

/// Whether a name cannot be part of a path.
fn is_no_segment(name: &str) -> bool {
    matches!(name, "" | "." | "..") || name.contains(['/', '%'])
}

fn invalid_role(object: &Object, is_namespaced: bool) -> Option<Invalid> {
    let rules = object.at("/rules").map(Node::items).unwrap_or_default();
    let rule = rules.iter().enumerate().find_map(|(index, rule)| invalid_rule(rule, index, is_namespaced));
    rule.or_else(|| {
        let aggregation = object.at("/aggregationRule").filter(|_| !is_namespaced)?;
        let selectors = aggregation.get("clusterRoleSelectors").map(Node::items).unwrap_or_default();
        let is_empty = selectors.is_empty() && aggregation.as_mapping().is_some();
        is_empty.then(|| Invalid::new("/aggregationRule", "it needs at least one of `clusterRoleSelectors`"))
    })
}

fn invalid_rule(rule: &Node, index: usize, is_namespaced: bool) -> Option<Invalid> {
    let at = |key: &str| format!("/rules/{index}/{key}");
    let has = |key: &str| rule.get(key).is_some_and(|list| !list.items().is_empty());
    if !has("verbs") {
        return Some(Invalid::new(at("verbs"), "a rule needs at least one verb"));
    }
    if has("nonResourceURLs") {
        if is_namespaced {
            return Some(Invalid::new(at("nonResourceURLs"), "a Role cannot be about URLs"));
        }
        let is_mixed = has("apiGroups") || has("resources") || has("resourceNames");
        return is_mixed.then(|| Invalid::new(at("nonResourceURLs"), "a rule cannot be about resources and URLs"));
    }
    let missing = ["apiGroups", "resources"].into_iter().find(|key| !has(key))?;
    Some(Invalid::new(at(missing), format!("a rule about resources needs `{missing}`")))
}

fn invalid_binding(object: &Object, is_namespaced: bool) -> Option<Invalid> {
    let kind = object.str("/roleRef/kind").unwrap_or_default();
    let group = object.str("/roleRef/apiGroup").filter(|group| !group.is_empty());
    if group.is_some_and(|group| group != GROUP) {
        return Some(Invalid::new("/roleRef/apiGroup", format!("it can only be `{GROUP}`")));
    }
    if !(kind == "ClusterRole" || kind == "Role" && is_namespaced) {
        return Some(Invalid::new("/roleRef/kind", "no such role can be bound here"));
    }
    if is_no_segment(object.str("/roleRef/name").unwrap_or_default()) {
        return Some(Invalid::new("/roleRef/name", "it cannot be the name of a role"));
    }
    let subjects = object.at("/subjects").map(Node::items).unwrap_or_default();
    subjects.iter().enumerate().find_map(|(index, subject)| invalid_subject(subject, index, is_namespaced))
}

fn invalid_subject(subject: &Node, index: usize, is_namespaced: bool) -> Option<Invalid> {
    let at = |key: &str| format!("/subjects/{index}/{key}");
    let text = |key: &str| subject.get(key).and_then(Node::text_if_set).unwrap_or_default();
    if text("name").is_empty() {
        return Some(Invalid::new(at("name"), "a subject needs a name"));
    }
    let group = text("apiGroup");
    match text("kind") {
        "ServiceAccount" if !group.is_empty() => {
            Some(Invalid::new(at("apiGroup"), "a service account is in no API group"))
        }
        "ServiceAccount" if !is_subdomain(text("name")) => {
            Some(Invalid::new(at("name"), "it cannot be the name of a service account"))
        }
        "ServiceAccount" if text("namespace").is_empty() && !is_namespaced => {
            Some(Invalid::new(at("namespace"), "a ClusterRoleBinding has to say in which namespace the account is"))
        }
        "ServiceAccount" => None,
        "User" | "Group" if !matches!(group, "" | GROUP) => {
            Some(Invalid::new(at("apiGroup"), format!("it can only be `{GROUP}`")))
        }
        "User" | "Group" => None,
        _ => Some(Invalid::new(at("kind"), "a subject is a ServiceAccount, a User or a Group")),
    }
}

/// Whether a name is a DNS subdomain.
fn is_subdomain(name: &str) -> bool {
    let is_label = |label: &str| {
        let is_word = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit();
        label.starts_with(is_word) && label.ends_with(is_word) && label.chars().all(|it| is_word(it) || it == '-')
    };
    name.len() <= 253 && name.split('.').all(is_label)
}
