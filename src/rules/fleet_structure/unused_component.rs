//! A controller that no object needs.

use crate::finding::{Findings, Severity};
use crate::rule::{Check, Rule, RuleContext};
use crate::yaml::Node;

pub(crate) const RULE: Rule = Rule {
    id: "fleet-structure/unused-component",
    severity: Severity::Info,
    since: "0.1.0",
    summary: "a controller is installed that no object needs",
    is_pedantic: false,
    page: include_str!("../../../rules/fleet-structure/unused-component.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    let Some(instance) = context.graph().flux_instance() else { return };
    let components = instance.at("/spec/components").map(Node::items).unwrap_or_default();
    let unused = context.graph().unused_components();
    for (index, component) in components.iter().enumerate() {
        let Some(name) = component.text().filter(|name| unused.contains(name)) else { continue };
        let message = format!("`{name}` is installed, and no object of this cluster needs it");
        let finding = findings.report(instance, &format!("/spec/components/{index}"), message);
        finding.help("remove it: a controller that runs has permissions, and has to be kept up to date");
    }
}
