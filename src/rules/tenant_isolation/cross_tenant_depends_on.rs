//! A tenant waits for an object of another tenant.

use crate::finding::{Findings, Severity};
use crate::flux::api::depends_on;
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "tenant-isolation/cross-tenant-depends-on",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "`dependsOn` of a tenant names an object of a different tenant",
    is_pedantic: false,
    page: include_str!("../../../rules/tenant-isolation/cross-tenant-depends-on.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    for (_, reconciler, tenant) in context.tenancy().reconcilers() {
        let object = &reconciler.object;
        for (index, reference) in depends_on(object) {
            let kind = Some(reference.kind()).filter(|kind| !kind.is_empty()).unwrap_or(&object.id.kind);
            let namespace = reference.namespace_or(&object.id.namespace);
            let Some(other) = context.cluster.find(&object.id.group, kind, &namespace, reference.name()) else {
                continue;
            };
            let owner = context.tenancy().owner(other);
            let Some(owner) = owner.tenant().filter(|owner| *owner != tenant) else { continue };
            let message = format!(
                "{} of tenant `{tenant}` waits for {kind} `{namespace}/{}` of tenant `{owner}`: whatever keeps that from \
                 being ready holds up this one",
                object.id.kind,
                reference.name()
            );
            let finding = findings.report(object, &format!("/spec/dependsOn/{index}/name"), message);
            finding.help("depend on objects of the own tenant, or of the platform").argument(tenant.as_str());
            finding.about(object, &format!("/spec/dependsOn/{index}/namespace")).argument(owner);
        }
    }
}
