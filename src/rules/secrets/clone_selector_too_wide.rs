//! A policy copies Secrets of the platform to tenants.

use crate::finding::{Findings, Severity};
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "secrets/clone-selector-too-wide",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a policy copies a credential of the platform into namespaces of tenants",
    is_pedantic: false,
    page: include_str!("../../../rules/secrets/clone-selector-too-wide.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    for wide in context.credentials().wide_clones() {
        let (secret, tenant) = (&wide.secret.id, wide.tenant.as_str());
        let message = match wide.has_selector {
            true => format!(
                "policy `{}` copies {secret}, a credential of the platform, into `{}`, where tenant `{tenant}` can read it",
                wide.policy.id.name, wide.namespace
            ),
            false => format!(
                "policy `{}` copies every Secret of `{}` into `{}`, where tenant `{tenant}` can read them: among them \
                 {secret}, a credential of the platform",
                wide.policy.id.name, secret.namespace, wide.namespace
            ),
        };
        let finding = findings.report(wide.policy, &wide.field, message);
        finding.argument(secret.to_string());
        finding.help("select the Secrets of the tenant by a label that no Secret of the platform has");
        finding.related(wide.secret, "/metadata/name", "the platform works with this one");
    }
}
