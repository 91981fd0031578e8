//! The Flux Operator has no account of least privilege to fall back to.

use crate::finding::{Findings, Place, Severity};
use crate::flux::api::group;
use crate::rbac::{Answer, Judge, Request, ResourceRequest, User};
use crate::rule::{Check, Rule, RuleContext};
use crate::yaml::Node;

/// The value of the chart that sets the default account.
const ENABLED: &str = "/spec/values/multitenancy/enabled";

pub(crate) const RULE: Rule = Rule {
    id: "tenant-isolation/operator-lockdown-missing",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "a tenant's ResourceSet without `serviceAccountName` is applied as the Flux Operator, which is cluster-admin",
    is_pedantic: false,
    page: include_str!("../../../rules/tenant-isolation/operator-lockdown-missing.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    let mut releases = context.graph().settled_reconcilers().filter(|(it, _)| context.existence().is_flux_operator(it));
    let Some((_, placed)) = releases.next() else { return };
    let object = placed.object;
    let is_on = object.at(ENABLED).and_then(Node::text) == Some("true");
    let Some((tenant, namespace)) = (!is_on).then(|| who_may_create(context)).flatten() else { return };
    if object.at("/spec/valuesFrom").is_some_and(|from| !from.items().is_empty()) {
        let reason = "cannot tell whether the Flux Operator has a default service account: `valuesFrom` may set it";
        findings.undecided(reason, Some(Place::at(object, ENABLED)));
        return;
    }
    let message = format!(
        "the Flux Operator has no default service account: a ResourceSet of tenant `{tenant}` in `{namespace}` that names \
         none is applied as the operator, which is cluster-admin"
    );
    let finding = findings.report(object, ENABLED, message);
    finding.help("set `multitenancy.enabled: true` in the values");
}

/// A tenant that may create ResourceSets, and where.
fn who_may_create(context: RuleContext<'_>) -> Option<(String, String)> {
    let rights = context.rbac().rights();
    context.rbac().bound_accounts().find_map(|account| {
        let namespace = account.binding.object.id.namespace.as_str();
        let owner = context.tenancy().owner_of_account(account.namespace, account.name);
        let tenant = owner.tenant().filter(|_| !namespace.is_empty())?;
        let user = User::account(account.namespace, account.name);
        let (group, resource) = (group::OPERATOR, "resourcesets");
        let create = ResourceRequest { verb: "create", group, resource, namespace, ..Default::default() };
        let is_allowed = matches!(rights.may(&user, &Request::Resource(create)), Answer::Allowed(_));
        is_allowed.then(|| (tenant.to_owned(), namespace.to_owned()))
    })
}
