//! A pod of a tenant uses what belongs to its node.

use crate::finding::{Findings, Severity};
use crate::fleet::facets::workload::{KINDS, pod_of};
use crate::object::Object;
use crate::rule::{Check, Rule, RuleContext};
use crate::yaml::Node;

pub(crate) const RULE: Rule = Rule {
    id: "workload/host-namespace",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a pod of a tenant uses the network, the processes or the files of its node",
    is_pedantic: false,
    page: include_str!("../../../rules/workload/host-namespace.md"),
    check: Check::Object(KINDS, check),
};

/// The fields of a pod that share something of the node, and what.
const SHARED: [(&str, &str); 3] = [
    ("hostNetwork", "the network of its node, and no network policy holds for it"),
    ("hostPID", "the processes of its node, and can read what they hold"),
    ("hostIPC", "the shared memory of its node"),
];

fn check(context: RuleContext<'_>, object: &Object, findings: &mut Findings) {
    let Some((tenant, (pod, base))) = context.tenant_of(object).zip(pod_of(object)) else { return };
    for (field, what) in SHARED {
        if pod.get(field).and_then(Node::text) == Some("true") {
            let message = format!("{} of tenant `{tenant}` uses {what}", object.id.kind);
            let finding = findings.report(object, &format!("{base}/{field}"), message);
            finding.help(format!("remove `{field}`")).argument(tenant.as_str());
        }
    }
    for (index, volume) in pod.get("volumes").map(Node::items).unwrap_or_default().iter().enumerate() {
        let Some(path) = volume.get("hostPath").and_then(|host| host.get("path")) else { continue };
        let message = format!(
            "{} of tenant `{tenant}` mounts `{}` of its node: what others keep there is in reach",
            object.id.kind,
            path.text().unwrap_or_default()
        );
        let finding = findings.report(object, &format!("{base}/volumes/{index}/hostPath/path"), message);
        finding.help("use a volume that belongs to the pod: `emptyDir`, or a volume claim").argument(tenant.as_str());
    }
}
