//! A tenant applies an object by which the platform bounds it.

use crate::finding::{Findings, Severity};
use crate::fleet::ClusterObject;
use crate::fleet::facets::tenancy::TenantApply;
use crate::flux::api::group;
use crate::object::Object;
use crate::rbac::ApplyVerdict;
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "tenant-isolation/own-namespace-object-changed",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a tenant applies the Namespace, the quota, the limits or the binding that the platform sets for it",
    is_pedantic: false,
    page: include_str!("../../../rules/tenant-isolation/own-namespace-object-changed.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    for apply in context.tenancy().applies() {
        for placed in &apply.objects {
            if let Some(what) = governs(context, &apply, placed.object) {
                judge(context, &apply, *placed, what, findings);
            }
        }
    }
}

/// What an object governs, if it is one by which the platform bounds the tenant.
fn governs(context: RuleContext<'_>, apply: &TenantApply<'_>, object: &Object) -> Option<&'static str> {
    let is_own = |namespace: &str| context.tenancy().is_of_tenant(namespace, &apply.tenant);
    let id = &object.id;
    match (id.group.as_str(), id.kind.as_str()) {
        ("", "Namespace") if context.tenancy().is_of_others(object, apply.reconciler) && is_own(&id.name) => {
            Some("the labels of its namespace")
        }
        ("", "ResourceQuota") if is_own(&id.namespace) => Some("its quota"),
        ("", "LimitRange") if is_own(&id.namespace) => Some("its limits"),
        (group::RBAC, "RoleBinding")
            if is_own(&id.namespace) && context.rbac().binds_its_applier(apply.reconciler, object) =>
        {
            Some("its own rights")
        }
        _ => None,
    }
}

fn judge(
    context: RuleContext<'_>,
    apply: &TenantApply<'_>,
    placed: ClusterObject<'_>,
    what: &str,
    findings: &mut Findings,
) {
    let (id, by) = (&placed.object.id, &apply.reconciler.object.id);
    let verdict = context.rbac().apply_verdict(apply.reconciler, placed);
    let outcome = match verdict {
        ApplyVerdict::Denied(_) => {
            format!("its service account cannot, and nothing of {} `{}/{}` is applied", by.kind, by.namespace, by.name)
        }
        ApplyVerdict::Allowed(_) | ApplyVerdict::Undetermined(_) => {
            format!("whoever writes to its repository decides about {what}")
        }
    };
    let message = format!("tenant `{}` applies {} `{}`: {outcome}", apply.tenant, id.kind, id.name);
    let finding = findings.report(placed.object, "/kind", message);
    finding.help("leave it to the platform, which sets it for the tenant").argument(apply.tenant.as_str());
    if matches!(verdict, ApplyVerdict::Denied(_)) {
        finding.because(context.not_applied(apply.reconciler));
        finding.because(context.unset(by, "/spec/serviceAccountName"));
    }
    finding.related(&apply.reconciler.object, "/spec/serviceAccountName", "it is applied as this account");
}
