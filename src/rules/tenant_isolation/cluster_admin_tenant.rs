//! A tenant's service account with rights beyond the tenant's own namespaces.

use crate::finding::{Fact, Finding, Findings, Severity};
use crate::fleet::Owner;
use crate::fleet::facets::rbac::BoundAccount;
use crate::rule::{Check, Rule, RuleContext};
use crate::yaml::Node;

pub(crate) const RULE: Rule = Rule {
    id: "tenant-isolation/cluster-admin-tenant",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a tenant's service account is bound cluster-wide or in a namespace that is not the tenant's",
    is_pedantic: false,
    page: include_str!("../../../rules/tenant-isolation/cluster-admin-tenant.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    for account in context.rbac().bound_accounts() {
        let owner = context.tenancy().owner_of_account(account.namespace, account.name);
        if let Some(tenant) = owner.tenant() {
            judge(context, account, tenant, findings);
        }
    }
}

fn judge(context: RuleContext<'_>, account: BoundAccount<'_>, tenant: &str, findings: &mut Findings) {
    let Some(finding) = report(context, account, tenant, findings) else { return };
    let binding = &account.binding.object;
    // Another role, or another account, is another defect: who accepts `view` has not accepted `cluster-admin`.
    finding.argument(tenant).about(binding, "/roleRef/kind").about(binding, "/roleRef/name");
    for field in ["namespace", "name"] {
        finding.about(binding, &format!("/subjects/{}/{field}", account.index));
    }
    // What the account can do follows from this.
    let subject = binding.at(&format!("/subjects/{}/name", account.index)).and_then(Node::place);
    subject.into_iter().for_each(|place| _ = finding.explains(Fact::WrongValue(place)));
}

fn report<'f>(
    context: RuleContext<'_>,
    account: BoundAccount<'_>,
    tenant: &str,
    findings: &'f mut Findings,
) -> Option<&'f mut Finding> {
    let binding = &account.binding.object;
    let (kind, role) = account.role();
    let subject = format!("/subjects/{}/name", account.index);
    if account.is_cluster_wide() {
        let message = format!("tenant `{tenant}` is bound to {kind} `{role}` cluster-wide");
        let finding = findings.report(binding, "/kind", message);
        finding.help("use a RoleBinding in each of the tenant's namespaces");
        return Some(finding.related(binding, &subject, "through this subject"));
    }
    let namespace = &binding.id.namespace;
    match context.tenancy().owner_of_namespace(namespace) {
        // In the namespace of another tenant it is that one who gives rights away (`tenant-grants-foreign-subject`).
        Some(Owner::Platform) => {
            let message = format!(
                "tenant `{tenant}` is bound to {kind} `{role}` in namespace `{namespace}`, which is not the tenant's"
            );
            let finding = findings.report(binding, &subject, message);
            Some(finding.help("remove the subject, or bind it in a namespace of its own tenant"))
        }
        Some(owner) if owner.tenant() == Some(tenant) && (kind, role) == ("ClusterRole", "cluster-admin") => {
            let message = format!(
                "tenant `{tenant}` is bound to `cluster-admin` in its namespace `{namespace}`: it can lift the quotas, \
                 limits and labels that the platform sets there"
            );
            let finding = findings.report(binding, "/roleRef/name", message);
            Some(finding.help("bind ClusterRole `admin` instead").severity(Severity::Warning))
        }
        _ => None,
    }
}
