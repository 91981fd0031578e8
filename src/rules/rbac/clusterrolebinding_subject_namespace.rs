//! A ClusterRoleBinding does not say where an account is.

use crate::finding::{Findings, Severity};
use crate::object::Object;
use crate::rule::{Check, Rule, RuleContext};
use crate::yaml::Node;

/// The objects that it looks at.
const KINDS: &[(&str, &str)] = &[("rbac.authorization.k8s.io", "ClusterRoleBinding")];

pub(crate) const RULE: Rule = Rule {
    id: "rbac/clusterrolebinding-subject-namespace",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a ClusterRoleBinding names a service account without saying in which namespace it is",
    is_pedantic: false,
    page: include_str!("../../../rules/rbac/clusterrolebinding-subject-namespace.md"),
    check: Check::Object(KINDS, check),
};

fn check(_: RuleContext<'_>, object: &Object, findings: &mut Findings) {
    for (index, subject) in object.at("/subjects").map(Node::items).unwrap_or_default().iter().enumerate() {
        let text = |key: &str| subject.get(key).and_then(Node::text_if_set).unwrap_or_default();
        if text("kind") != "ServiceAccount" || !text("namespace").is_empty() {
            continue;
        }
        let message = format!(
            "service account `{}` has no `namespace` in this ClusterRoleBinding: the API server refuses the binding",
            text("name")
        );
        let finding = findings.report(object, &format!("/subjects/{index}/namespace"), message);
        finding.help("add the namespace of the account").about(object, &format!("/subjects/{index}/name"));
    }
}
