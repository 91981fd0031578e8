//! A FluxInstance that syncs Git at something that is not a full reference.

use crate::finding::{Findings, Severity};
use crate::object::Object;
use crate::rule::{Check, Rule, RuleContext};
use crate::yaml::Node;

/// The field with the reference.
const REF: &str = "/spec/sync/ref";

pub(crate) const RULE: Rule = Rule {
    id: "branch-mapping/sync-ref-format",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a FluxInstance syncs a Git repository at a ref that is not a full reference",
    is_pedantic: false,
    page: include_str!("../../../rules/branch-mapping/sync-ref-format.md"),
    check: Check::Object(&[("fluxcd.controlplane.io", "FluxInstance")], check),
};

fn check(_: RuleContext<'_>, object: &Object, findings: &mut Findings) {
    if object.str("/spec/sync/kind") != Some("GitRepository") {
        return;
    }
    let Some(reference) = object.at(REF).and_then(Node::text_if_set) else { return };
    if reference.is_empty() || reference.starts_with("refs/") || reference.contains("${") {
        return;
    }
    let message =
        format!("`{reference}` is not a full reference: Flux finds no such ref, and the cluster syncs nothing");
    let name = reference.trim_start_matches("heads/").trim_start_matches("origin/");
    findings
        .report(object, REF, message)
        .help(format!("write `refs/heads/{name}` for a branch, `refs/tags/{name}` for a tag"));
}
