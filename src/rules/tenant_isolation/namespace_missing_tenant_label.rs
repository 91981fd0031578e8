//! A tenant's namespace without the label on which a policy selects the tenant's namespaces.

use crate::finding::{Findings, Severity};
use crate::fleet::Outcome;
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "tenant-isolation/namespace-missing-tenant-label",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a tenant's namespace lacks the label on which secret propagation or an admission policy selects it",
    is_pedantic: false,
    page: include_str!("../../../rules/tenant-isolation/namespace-missing-tenant-label.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    for namespace in context.cluster.of_kind("", "Namespace") {
        for label in context.tenancy().missing_tenant_labels(namespace) {
            let message = format!(
                "namespace `{}` of tenant `{}` lacks the label `{}: {}`: policy `{}` does not reach it",
                namespace.object.id.name, label.value, label.key, label.value, label.policy.id.name
            );
            let finding = findings
                .report(namespace.object, &format!("/metadata/labels/{}", label.key.replace('/', "~1")), message)
                .help(format!("add the label `{}: {}` to the Namespace", label.key, label.value))
                .argument(label.value)
                .about(label.policy, "/metadata/name")
                .related_node(label.place, "the policy selects namespaces by this label")
                .explains(context.no_tenant_label(namespace))
                .because(context.forbidden(&namespace.object.id));
            // A build that fails may be the one that adds the label.
            if let Some(maker) = context.cluster.applied_by(namespace).filter(|it| it.outcome == Outcome::Failed) {
                finding.because(context.not_applied(maker));
            }
        }
    }
}
