//! An object without a namespace, of a kind that needs one.

use crate::finding::{Findings, Severity};
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "kustomization-graph/namespace-not-specified",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "an object whose kind is in a namespace has none, and its Kustomization gives it none",
    is_pedantic: false,
    page: include_str!("../../../rules/kustomization-graph/namespace-not-specified.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    for (placed, kustomization) in context.graph().without_namespace() {
        let id = &placed.object.id;
        let message = format!("{} `{}` has no namespace: Flux gives it none, and cannot apply it", id.kind, id.name);
        let finding = findings.report(placed.object, "/metadata/namespace", message);
        finding.help(format!(
            "set `metadata.namespace`, `namespace` in its kustomization file, or `spec.targetNamespace` of Kustomization `{}/{}`",
            kustomization.object.id.namespace, kustomization.object.id.name
        ));
    }
}
