//! A role allows everything.

use crate::finding::{Findings, Severity};
use crate::object::Object;
use crate::rbac::PolicyRule;
use crate::rule::{Check, Rule, RuleContext};
use crate::yaml::Node;

/// The objects that it looks at.
const KINDS: &[(&str, &str)] = &[("rbac.authorization.k8s.io", "Role"), ("rbac.authorization.k8s.io", "ClusterRole")];

pub(crate) const RULE: Rule = Rule {
    id: "rbac/wildcard-rule",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "a role allows every verb on every resource of every API group",
    is_pedantic: false,
    page: include_str!("../../../rules/rbac/wildcard-rule.md"),
    check: Check::Object(KINDS, check),
};

fn check(_: RuleContext<'_>, object: &Object, findings: &mut Findings) {
    let rules = object.at("/rules").map(Node::items).unwrap_or_default();
    let unlimited = rules.iter().position(|rule| PolicyRule::read(rule).is_unlimited());
    let Some(index) = unlimited else { return };
    let id = &object.id;
    let message = format!(
        "{} `{}` allows every verb on every resource of every API group, also of those that come later",
        id.kind, id.name
    );
    let finding = findings.report(object, &format!("/rules/{index}/verbs"), message);
    finding.help(
        "list the API groups, resources and verbs that are needed, or bind ClusterRole `cluster-admin` by its name",
    );
}
