//! A FluxInstance without an upper bound for its version.

use crate::finding::{Findings, Severity};
use crate::flux::release::is_unbounded;
use crate::object::Object;
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "fleet-structure/unbounded-distribution",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "a FluxInstance takes every new minor or major release of Flux as it comes out",
    is_pedantic: false,
    page: include_str!("../../../rules/fleet-structure/unbounded-distribution.md"),
    check: Check::Object(KINDS, check),
};

/// The objects that it looks at: group and kind.
const KINDS: &[(&str, &str)] = &[("fluxcd.controlplane.io", "FluxInstance")];

fn check(_: RuleContext<'_>, instance: &Object, findings: &mut Findings) {
    let Some(version) = instance.str("/spec/distribution/version").filter(|version| is_unbounded(version)) else {
        return;
    };
    let message = format!(
        "version `{version}` takes every new minor release of Flux on the day it comes out, with what it removes"
    );
    findings
        .report(instance, "/spec/distribution/version", message)
        .help("name a minor, such as `2.8.x`, and go to the next one with a commit");
}
