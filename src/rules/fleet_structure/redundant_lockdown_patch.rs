//! A patch that repeats the multi-tenancy lockdown.

use crate::finding::{Findings, Severity};
use crate::object::Object;
use crate::rule::{Check, Rule, RuleContext};
use crate::yaml::Node;

pub(crate) const RULE: Rule = Rule {
    id: "fleet-structure/redundant-lockdown-patch",
    severity: Severity::Info,
    since: "0.1.0",
    summary: "a patch of a FluxInstance repeats what `multitenant: true` does",
    is_pedantic: false,
    page: include_str!("../../../rules/fleet-structure/redundant-lockdown-patch.md"),
    check: Check::Object(KINDS, check),
};

/// The objects that it looks at: group and kind.
const KINDS: &[(&str, &str)] = &[("fluxcd.controlplane.io", "FluxInstance")];

/// The arguments that `multitenant: true` adds.
const ADDED: [&str; 3] = ["--no-cross-namespace-refs=true", "--no-remote-bases=true", "--default-service-account="];

fn check(_: RuleContext<'_>, instance: &Object, findings: &mut Findings) {
    if instance.str("/spec/cluster/multitenant") != Some("true") {
        return;
    }
    let patches = instance.at("/spec/kustomize/patches").map(Node::items).unwrap_or_default();
    for (index, patch) in patches.iter().enumerate() {
        let text = patch.get("patch").and_then(Node::text).unwrap_or_default();
        let Some(argument) = ADDED.iter().find(|argument| text.contains(**argument)) else { continue };
        let argument = argument.trim_end_matches('=');
        let message = format!("this patch sets `{argument}`, which `multitenant: true` sets already");
        let finding = findings.report(instance, &format!("/spec/kustomize/patches/{index}/target/name"), message);
        finding.help("remove it from the patch").about(instance, "/spec/cluster/multitenant");
        finding.related(instance, "/spec/cluster/multitenant", "this sets it");
    }
}
