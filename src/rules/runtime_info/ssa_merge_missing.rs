//! A runtime-info that a policy copies, without the annotation that keeps the labels of the policy.

use crate::finding::{Findings, Severity};
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "runtime-info/ssa-merge-missing",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "a policy copies runtime-info, and Flux removes the labels by which the policy finds it again",
    is_pedantic: false,
    page: include_str!("../../../rules/runtime-info/ssa-merge-missing.md"),
    check: Check::Cluster(check),
};

/// The annotation that says how Flux applies an object.
const ANNOTATION: &str = "/metadata/annotations/kustomize.toolkit.fluxcd.io~1ssa";

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    let Some(info) = context.variables().runtime_info().map(|placed| placed.object) else { return };
    let is_merged = info.str(ANNOTATION).is_some_and(|value| value.eq_ignore_ascii_case("Merge"));
    let Some(policy) = context.variables().copying_policies(info).next().filter(|_| !is_merged) else { return };
    let message = format!(
        "policy `{}` labels `{}` to follow its changes, and Flux takes the labels away at each reconciliation",
        policy.id.name, info.id.name
    );
    let finding = findings.report(info, ANNOTATION, message);
    finding.help("add the annotation `kustomize.toolkit.fluxcd.io/ssa: Merge`");
    finding.related(policy, "/metadata/name", "the policy that copies it");
}
