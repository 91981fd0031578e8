//! A namespace has the label of another tenant than that of its folder.

use crate::finding::{Findings, Severity};
use crate::fleet::{TENANT_LABEL, tenant_label};
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "tenant-isolation/tenant-label-mismatch",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "the label of a namespace names another tenant than the folder that it comes from",
    is_pedantic: false,
    page: include_str!("../../../rules/tenant-isolation/tenant-label-mismatch.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    for placed in context.cluster.of_kind("", "Namespace") {
        let namespace = placed.object;
        let Some((label, folder)) = tenant_label(namespace).zip(context.tenancy().folder_of(placed)) else { continue };
        if label == folder {
            continue;
        }
        let message = format!(
            "namespace `{}` comes from the folder of tenant `{folder}`, but its label names tenant `{label}`: what is copied \
             and enforced by that label is that of `{label}`",
            namespace.id.name
        );
        let pointer = format!("/metadata/labels/{}", TENANT_LABEL.replace('/', "~1"));
        let finding = findings.report(namespace, &pointer, message);
        finding
            .help(format!("set the label to `{folder}`, or move the namespace to `tenants/{label}`"))
            .argument(folder.as_str());
    }
}
