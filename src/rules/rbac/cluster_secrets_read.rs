//! A service account can read all Secrets.

use crate::finding::{Findings, Severity};
use crate::object::Object;
use crate::rbac::{FoundRole, PolicyRule, referenced_role};
use crate::rule::{Check, Rule, RuleContext};
use crate::yaml::Node;

/// The objects that it looks at.
const KINDS: &[(&str, &str)] = &[("rbac.authorization.k8s.io", "ClusterRoleBinding")];

pub(crate) const RULE: Rule = Rule {
    id: "rbac/cluster-secrets-read",
    severity: Severity::Info,
    since: "0.1.0",
    summary: "a service account can read the Secrets of every namespace",
    is_pedantic: false,
    page: include_str!("../../../rules/rbac/cluster-secrets-read.md"),
    check: Check::Object(KINDS, check),
};

/// The verbs by which Secrets are read.
const READS: [&str; 3] = ["get", "list", "watch"];

fn check(context: RuleContext<'_>, object: &Object, findings: &mut Findings) {
    let Some(FoundRole::Role(role)) = referenced_role(object).map(|role| context.rbac().find_role(&role)) else {
        return;
    };
    let Some(granted) = role.rules.iter().find(|granted| reads_secrets(&granted.rule)) else { return };
    // What allows everything by `*` says so by itself, as `cluster-admin` does.
    let Some(written) = granted.written.object() else { return };
    let accounts = object.at("/subjects").map(Node::items).unwrap_or_default().iter();
    let accounts: Vec<String> = accounts
        .filter(|subject| subject.get("kind").and_then(Node::text) == Some("ServiceAccount"))
        .filter_map(|subject| {
            let text = |key: &str| subject.get(key).and_then(Node::text).unwrap_or_default();
            let is_of_flux = text("namespace") == context.cluster.flux_namespace;
            (!is_of_flux).then(|| format!("`{}/{}`", text("namespace"), text("name")))
        })
        .collect();
    if accounts.is_empty() {
        return;
    }
    let message = format!("service account {} can read the Secrets of every namespace", accounts.join(", "));
    let finding = findings.report(object, "/roleRef/name", message);
    finding.help("use a Role and a RoleBinding in the namespaces whose Secrets it needs, or `resourceNames`");
    finding.related(written, &format!("/rules/{}/resources", granted.index), "by this rule");
}

fn reads_secrets(rule: &PolicyRule) -> bool {
    rule.verbs.iter().any(|verb| READS.contains(&verb.as_str()))
        && rule.groups.iter().any(|group| group.is_empty())
        && rule.resources.iter().any(|resource| resource == "secrets")
        && rule.names.is_empty()
}
