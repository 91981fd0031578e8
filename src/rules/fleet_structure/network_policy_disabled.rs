//! A FluxInstance without network policies.

use crate::finding::{Findings, Severity};
use crate::object::Object;
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "fleet-structure/network-policy-disabled",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "a FluxInstance lets every pod of the cluster reach the controllers of Flux",
    is_pedantic: false,
    page: include_str!("../../../rules/fleet-structure/network-policy-disabled.md"),
    check: Check::Object(KINDS, check),
};

/// The objects that it looks at: group and kind.
const KINDS: &[(&str, &str)] = &[("fluxcd.controlplane.io", "FluxInstance")];

fn check(_: RuleContext<'_>, instance: &Object, findings: &mut Findings) {
    if instance.str("/spec/cluster/networkPolicy") != Some("false") {
        return;
    }
    let message = "every pod of the cluster can reach the controllers of Flux, and read the artifacts of all sources";
    findings
        .report(instance, "/spec/cluster/networkPolicy", message)
        .help("remove `networkPolicy: false`; a policy of your own can open what has to be reached");
}
