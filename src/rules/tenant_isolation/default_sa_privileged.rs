//! The account that the lockdown falls back to has rights.

use crate::finding::{Fact, Findings, Severity};
use crate::fleet::Setting;
use crate::rule::{Check, Rule, RuleContext};
use crate::yaml::Node;

pub(crate) const RULE: Rule = Rule {
    id: "tenant-isolation/default-sa-privileged",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "the default service account of the lockdown has rights in a namespace of a tenant",
    is_pedantic: false,
    page: include_str!("../../../rules/tenant-isolation/default-sa-privileged.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    let Setting::On(default, _) = &context.cluster.lockdown.default_service_account else { return };
    for account in context.rbac().bound_accounts().filter(|it| it.name == default) {
        let Some(owner) = context.tenancy().owner_of_namespace(account.namespace) else { continue };
        let Some(tenant) = owner.tenant() else { continue };
        let (kind, role) = account.role();
        let binding = account.binding.object;
        let message = format!(
            "default service account `{}/{default}` of tenant `{tenant}` is bound to {kind} `{role}`: whatever names no \
             account is applied with its rights",
            account.namespace
        );
        let subject = format!("/subjects/{}/name", account.index);
        let finding = findings.report(binding, &subject, message);
        finding.argument(tenant).about(binding, "/roleRef/kind").about(binding, "/roleRef/name");
        finding.help("bind an account of another name, and let the tenant's objects name it");
        let place = binding.at(&subject).and_then(Node::place);
        place.into_iter().for_each(|place| _ = finding.because(Fact::WrongValue(place)));
    }
}
