//! A cluster with tenants whose Flux controllers are not locked down.

use crate::finding::{Findings, Place, Severity};
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "tenant-isolation/lockdown-disabled",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a cluster onboards tenants, but its Flux controllers are not locked down",
    is_pedantic: false,
    page: include_str!("../../../rules/tenant-isolation/lockdown-disabled.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    let tenants = context.tenancy().tenants();
    let missing = context.cluster.lockdown.missing();
    let (Some(tenant), false) = (tenants.first(), missing.is_empty()) else { return };
    let Some(place) = context.cluster.lockdown.place else { return };
    let instance = context.graph().flux_instance();
    let message = format!(
        "tenant `{tenant}` runs on this cluster, but the multi-tenancy lockdown of Flux is not complete: {} missing",
        listed(&missing)
    );
    let finding = match instance {
        Some(instance) => findings
            .report(instance, "/spec/cluster/multitenant", message)
            .help("set `spec.cluster.multitenant: true` in the FluxInstance"),
        None => findings
            .report_place(Place::of_span(place), message)
            .help("add the four patches that the Flux documentation lists under multi-tenancy lockdown"),
    };
    // What else is opened is another defect.
    missing.iter().for_each(|part| _ = finding.argument(*part));
}

/// `a is`, `a and b are`, `a, b and c are`.
fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    match quoted.split_last() {
        Some((last, [])) => format!("{last} is"),
        Some((last, rest)) => format!("{} and {last} are", rest.join(", ")),
        None => String::new(),
    }
}

/// Flags are code, the rest is prose.
fn quoted(name: &str) -> String {
    if name.starts_with('-') { format!("`{name}`") } else { name.to_owned() }
}
