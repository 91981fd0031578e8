//! A container of a tenant is privileged.

use crate::finding::{Findings, Severity};
use crate::fleet::facets::workload::{KINDS, pod_of};
use crate::object::Object;
use crate::rule::{Check, Rule, RuleContext};
use crate::yaml::Node;

pub(crate) const RULE: Rule = Rule {
    id: "workload/privileged-container",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a container of a tenant is privileged",
    is_pedantic: false,
    page: include_str!("../../../rules/workload/privileged-container.md"),
    check: Check::Object(KINDS, check),
};

/// The lists of containers in a pod.
const LISTS: [&str; 3] = ["containers", "initContainers", "ephemeralContainers"];

fn check(context: RuleContext<'_>, object: &Object, findings: &mut Findings) {
    let Some((tenant, (pod, base))) = context.tenant_of(object).zip(pod_of(object)) else { return };
    for list in LISTS {
        for (index, container) in pod.get(list).map(Node::items).unwrap_or_default().iter().enumerate() {
            let privileged = container.get("securityContext").and_then(|context| context.get("privileged"));
            if privileged.and_then(Node::text) != Some("true") {
                continue;
            }
            let name = container.get("name").and_then(Node::text).unwrap_or_default();
            let message = format!(
                "container `{name}` of tenant `{tenant}` is privileged: it can do on the node whatever root can do there"
            );
            let finding =
                findings.report(object, &format!("{base}/{list}/{index}/securityContext/privileged"), message);
            finding.help("remove `privileged`, and add the capabilities that it needs").argument(tenant.as_str());
        }
    }
}
