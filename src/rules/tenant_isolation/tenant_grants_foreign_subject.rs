//! One tenant gives rights to an account of another one.

use crate::finding::{Findings, Severity};
use crate::fleet::Owner;
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "tenant-isolation/tenant-grants-foreign-subject",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a binding in a namespace of one tenant names a service account of another tenant",
    is_pedantic: false,
    page: include_str!("../../../rules/tenant-isolation/tenant-grants-foreign-subject.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    for account in context.rbac().bound_accounts().filter(|it| !it.is_cluster_wide()) {
        let binding = account.binding.object;
        let namespace = &binding.id.namespace;
        let (Some(Owner::Tenant(tenant)), Owner::Tenant(other)) = (
            context.tenancy().owner_of_namespace(namespace),
            context.tenancy().owner_of_account(account.namespace, account.name),
        ) else {
            continue;
        };
        if tenant == other {
            continue;
        }
        let (kind, role) = account.role();
        let message = format!(
            "service account `{}/{}` of tenant `{other}` is bound to {kind} `{role}` in namespace `{namespace}` of tenant \
             `{tenant}`: whoever writes to the repository of `{other}` acts there, too",
            account.namespace, account.name
        );
        let subject = format!("/subjects/{}/name", account.index);
        let finding = findings.report(binding, &subject, message);
        finding.help(format!("remove the subject, or name an account of tenant `{tenant}`"));
        finding.argument(tenant.as_str()).argument(other.as_str());
        finding.about(binding, "/roleRef/kind").about(binding, "/roleRef/name");
        finding.about(binding, &format!("/subjects/{}/namespace", account.index));
    }
}
