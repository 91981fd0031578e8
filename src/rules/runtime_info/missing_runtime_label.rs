//! A runtime-info that no policy copies to the namespaces that need it.

use crate::finding::{Findings, Severity};
use crate::rule::{Check, Rule, RuleContext};
use crate::yaml::Node;

pub(crate) const RULE: Rule = Rule {
    id: "runtime-info/missing-runtime-label",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "runtime-info lacks the label by which a policy copies it to the namespaces of tenants",
    is_pedantic: false,
    page: include_str!("../../../rules/runtime-info/missing-runtime-label.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    let Some(info) = context.variables().runtime_info().map(|placed| placed.object) else { return };
    for missed in context.variables().missed_copies(info) {
        let labels = labels(missed.selector);
        if labels.is_empty() {
            continue;
        }
        let lacking: Vec<String> = labels
            .iter()
            .filter(|(key, value)| info.label(key).and_then(Node::text) != Some(value))
            .map(|(key, value)| format!("`{key}: {value}`"))
            .collect();
        let message = format!(
            "`{}` lacks the label {}: policy `{}` does not copy it, and Kustomizations in {} substitute from copies",
            info.id.name,
            lacking.join(", "),
            missed.policy.id.name,
            shown(&missed.namespaces)
        );
        let finding = findings.report(info, "/metadata/labels", message);
        finding.argument(lacking.join(",")).help("add the label");
        finding.related_node(missed.selector, "what the policy copies");
        for reconciler in &missed.waiting {
            finding.explains(context.not_applied(reconciler));
            reconciler.missing_ids().filter(|id| id.name == info.id.name).for_each(|id| {
                finding.explains(context.no_object(&id));
            });
        }
    }
}

/// The labels that a selector asks for by name and value.
fn labels(selector: &Node) -> Vec<(&str, &str)> {
    let labels = selector.get("matchLabels").map(Node::entries).unwrap_or_default();
    labels.iter().filter_map(|entry| Some((entry.key.text()?, entry.value.text()?))).collect()
}

fn shown(namespaces: &[&str]) -> String {
    match namespaces {
        [only] => format!("namespace `{only}`"),
        [first, others @ ..] => format!("namespace `{first}` and {} more", others.len()),
        [] => "no namespace".to_owned(),
    }
}
