//! A tenant applies a cluster-scoped object.

use crate::finding::{Findings, Place, Severity};
use crate::fleet::facets::tenancy::TenantApply;
use crate::fleet::{ClusterObject, Identity};
use crate::object::ObjectId;
use crate::rbac::{ApplyVerdict, Scope};
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "tenant-isolation/cluster-scoped-in-tenant",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a tenant applies a cluster-scoped object, which its service account cannot create",
    is_pedantic: false,
    page: include_str!("../../../rules/tenant-isolation/cluster-scoped-in-tenant.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    for apply in context.tenancy().applies() {
        // Who applies as the controller can do everything: that it does is the defect.
        let account = context.rbac().account_of(apply.reconciler);
        let Some(account) = account.filter(|_| apply.reconciler.identity != Identity::Controller) else { continue };
        for placed in apply.objects.iter().filter(|it| is_cluster_scoped(context, it, &apply)) {
            judge(context, &apply, &account, *placed, findings);
        }
    }
}

/// The Namespaces that the platform creates for the tenant are left to `own-namespace-object-changed`.
fn is_cluster_scoped(context: RuleContext<'_>, placed: &ClusterObject<'_>, apply: &TenantApply<'_>) -> bool {
    let object = placed.object;
    let is_own = object.is("", "Namespace")
        && context.tenancy().is_of_others(object, apply.reconciler)
        && context.tenancy().is_of_tenant(&object.id.name, &apply.tenant);
    !is_own && context.rbac().resource_of(object).scope == Scope::Cluster
}

fn judge(
    context: RuleContext<'_>,
    apply: &TenantApply<'_>,
    account: &ObjectId,
    placed: ClusterObject<'_>,
    findings: &mut Findings,
) {
    let (id, by) = (&placed.object.id, &apply.reconciler.object.id);
    let shown = format!("{}/{}", account.namespace, account.name);
    match context.rbac().apply_verdict(apply.reconciler, placed) {
        ApplyVerdict::Denied(_) => {}
        ApplyVerdict::Allowed(_) => return,
        ApplyVerdict::Undetermined(why) => {
            let reason =
                format!("cannot tell whether service account `{shown}` can apply {} `{}`: {why}", id.kind, id.name);
            let place = Place::at(placed.object, "/kind");
            let unset = context.unset(&apply.reconciler.object.id, "/spec/serviceAccountName");
            return findings.undecided(reason, Some(place)).because([unset, context.no_object(account)]);
        }
    }
    let message = format!(
        "{} `{}` is cluster-scoped, and service account `{shown}` of tenant `{}` cannot apply it: nothing of {} `{}/{}` is applied",
        id.kind, id.name, apply.tenant, by.kind, by.namespace, by.name
    );
    let (not_applied, no_account) = (context.not_applied(apply.reconciler), context.no_object(account));
    let finding = findings.report(placed.object, "/kind", message);
    finding.help("let the platform apply it, or use a kind that is in a namespace").argument(apply.tenant.as_str());
    finding
        .explains(context.forbidden(id))
        .because(not_applied)
        .because(no_account)
        .because(context.unset(by, "/spec/serviceAccountName"));
    finding.related(&apply.reconciler.object, "/spec/serviceAccountName", "it is applied as this account");
}
