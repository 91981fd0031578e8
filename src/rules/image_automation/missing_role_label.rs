//! What updates images stays on a cluster because the patch that deletes it does not see it.

use std::collections::BTreeSet;

use crate::finding::{Findings, Severity};
use crate::fleet::facets::image_updates::{pushed_repository, selected_label};
use crate::rule::{Check, Rule, RuleContext};
use crate::yaml::Node;

pub(crate) const RULE: Rule = Rule {
    id: "image-automation/missing-role-label",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "an automation object lacks the label that the patch which deletes it on production selects",
    is_pedantic: false,
    page: include_str!("../../../rules/image-automation/missing-role-label.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    if !context.variables().is_production() {
        return;
    }
    let mut told = BTreeSet::new();
    for placed in context.cluster.image_updates().objects() {
        let Some((missed, patch)) = context.cluster.image_updates().missed_by_patch(placed) else { continue };
        let Some((key, value)) = selected_label(patch.selector) else { continue };
        if missed.label(key).and_then(Node::text) == Some(value) || !told.insert(&missed.id) {
            continue;
        }
        let message = format!(
            "{} lacks the label `{key}: {value}`: it stays on this production cluster, whose patch deletes what has the label",
            missed.id
        );
        let finding = findings.report(missed, "/metadata/labels", message);
        finding.help(format!("add `{key}: {value}`")).explains(context.unset(&missed.id, "/metadata/labels"));
        finding.explains(context.unwanted(&missed.id));
        // What it pushes to has the label, and is gone.
        if let Some(repository) = pushed_repository(placed.object) {
            finding.explains(context.no_object(&repository));
        }
        finding.related_node(patch.selector, "the patch selects by this label");
    }
}
