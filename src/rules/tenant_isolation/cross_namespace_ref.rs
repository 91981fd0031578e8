//! A reference to another namespace in a field that the lockdown blocks.

use crate::finding::{Findings, Severity};
use crate::fleet::Setting;
use crate::rule::{Check, Rule, RuleContext};
use crate::yaml::Span;

pub(crate) const RULE: Rule = Rule {
    id: "tenant-isolation/cross-namespace-ref",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a reference points to another namespace in a field that the multi-tenancy lockdown blocks",
    is_pedantic: false,
    page: include_str!("../../../rules/tenant-isolation/cross-namespace-ref.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    match &context.cluster.lockdown.no_cross_namespace_refs {
        Setting::On((), place) => check_locked_down(context, *place, findings),
        Setting::Off => check_open(context, findings),
        Setting::Unknown => {}
    }
}

/// Under lockdown, whose reference it is does not matter: the controllers refuse it.
fn check_locked_down(context: RuleContext<'_>, lockdown: Option<Span>, findings: &mut Findings) {
    for (placed, pointer, namespace) in context.tenancy().cross_namespace_refs() {
        let object = &placed.object;
        let message = format!(
            "{} refers to namespace `{namespace}` from `{}`: multi-tenancy lockdown blocks cross-namespace references",
            object.id.kind, object.id.namespace
        );
        findings
            .report(object, &pointer, message)
            .help(format!("define what it refers to in `{}` and drop this field", object.id.namespace))
            .related_span(lockdown, "cross-namespace references are blocked here")
            .explains(context.nothing_of(&object.id));
    }
}

/// Without lockdown they work: for the platform a way like any other, for a tenant one out of its namespaces.
fn check_open(context: RuleContext<'_>, findings: &mut Findings) {
    for (placed, pointer, namespace) in context.tenancy().cross_namespace_refs() {
        let owner = context.tenancy().owner(placed);
        let Some(tenant) = owner.tenant() else { continue };
        let object = &placed.object;
        let message = format!(
            "{} of tenant `{tenant}` refers to namespace `{namespace}`, and no lockdown blocks it on this cluster",
            object.id.kind
        );
        findings
            .report(object, &pointer, message)
            .help(format!(
                "define what it refers to in `{}`: the lockdown will refuse this reference",
                object.id.namespace
            ))
            .severity(Severity::Warning);
    }
}
