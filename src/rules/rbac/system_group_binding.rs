//! A binding gives rights to everybody.

use crate::finding::{Findings, Severity};
use crate::object::Object;
use crate::rbac::{FoundRole, PolicyRule, referenced_role};
use crate::rule::{Check, Rule, RuleContext};
use crate::yaml::Node;

/// The objects that it looks at.
const KINDS: &[(&str, &str)] =
    &[("rbac.authorization.k8s.io", "RoleBinding"), ("rbac.authorization.k8s.io", "ClusterRoleBinding")];

pub(crate) const RULE: Rule = Rule {
    id: "rbac/system-group-binding",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "a binding gives rights to everybody: all users, all service accounts, or those without a name",
    is_pedantic: false,
    page: include_str!("../../../rules/rbac/system-group-binding.md"),
    check: Check::Object(KINDS, check),
};

/// The subjects that stand for everybody, by kind and name, and whom they mean.
const EVERYBODY: [(&str, &str, &str); 4] = [
    ("Group", "system:authenticated", "every user and every service account"),
    ("Group", "system:unauthenticated", "everybody, without a login"),
    ("Group", "system:serviceaccounts", "every service account of the cluster"),
    ("User", "system:anonymous", "everybody, without a login"),
];

fn check(context: RuleContext<'_>, object: &Object, findings: &mut Findings) {
    let Some(FoundRole::Role(role)) = referenced_role(object).map(|role| context.rbac().find_role(&role)) else {
        return;
    };
    for (index, subject) in object.at("/subjects").map(Node::items).unwrap_or_default().iter().enumerate() {
        let text = |key: &str| subject.get(key).and_then(Node::text).unwrap_or_default();
        let known = EVERYBODY.iter().find(|(kind, name, _)| text("kind") == *kind && text("name") == *name);
        let Some((_, name, who)) = known.filter(|_| role.rules.iter().any(|granted| is_about_objects(&granted.rule)))
        else {
            continue;
        };
        let is_harmful = role.rules.iter().any(|granted| is_harmful(&granted.rule));
        let scope = match object.id.namespace.as_str() {
            "" => "on the whole cluster".to_owned(),
            namespace => format!("in namespace `{namespace}`"),
        };
        let message =
            format!("`{name}` is bound to {} `{}` {scope}: {who} has these rights", role.id.kind(), role.id.name);
        let finding = findings.report(object, &format!("/subjects/{index}/name"), message);
        finding.help("bind the accounts or the groups that need it").about(object, "/roleRef/name");
        finding.severity(if is_harmful { Severity::Error } else { Severity::Warning });
    }
}

/// URLs are for everybody by default.
fn is_about_objects(rule: &PolicyRule) -> bool {
    !rule.resources.is_empty()
}

/// Whether a rule lets change objects, or read Secrets.
fn is_harmful(rule: &PolicyRule) -> bool {
    let writes = rule.verbs.iter().any(|verb| !matches!(verb.as_str(), "get" | "list" | "watch"));
    let reads_secrets = rule.resources.iter().any(|resource| matches!(resource.as_str(), "*" | "secrets"));
    is_about_objects(rule) && (writes || reads_secrets)
}
