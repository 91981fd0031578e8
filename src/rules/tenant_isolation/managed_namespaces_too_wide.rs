//! Files of a source decide about labels that govern namespaces.

use crate::finding::{Findings, Severity};
use crate::fleet::TENANT_LABEL;
use crate::object::Object;
use crate::rule::{Check, Rule, RuleContext};
use crate::yaml::Node;

/// The objects that it looks at.
const KINDS: &[(&str, &str)] = &[("source.extensions.fluxcd.io", "ArtifactGenerator")];

pub(crate) const RULE: Rule = Rule {
    id: "tenant-isolation/managed-namespaces-too-wide",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "files of a source decide about the tenant or the Pod Security level of namespaces",
    is_pedantic: false,
    page: include_str!("../../../rules/tenant-isolation/managed-namespaces-too-wide.md"),
    check: Check::Object(KINDS, check),
};

/// How the labels begin that decide whose a namespace is, and what may run in it.
const GOVERNING: [&str; 2] = ["pod-security.kubernetes.io/", TENANT_LABEL];

fn check(_: RuleContext<'_>, object: &Object, findings: &mut Findings) {
    const LABELS: &str = "/spec/managedNamespaces/metadata/fromSource/allowedLabels";
    for entry in object.at(LABELS).map(Node::entries).unwrap_or_default() {
        let Some(label) = entry.key.text().filter(|key| GOVERNING.iter().any(|known| key.starts_with(known))) else {
            continue;
        };
        let message = format!(
            "files of the source may set label `{label}` of the namespaces that this ArtifactGenerator manages: whoever \
             writes to the source decides about it"
        );
        let pointer = format!("{LABELS}/{}", label.replace('~', "~0").replace('/', "~1"));
        let finding = findings.report(object, &pointer, message);
        finding.at_node(&entry.key).help("remove the label from `allowedLabels`, and let the platform set it");
    }
}
