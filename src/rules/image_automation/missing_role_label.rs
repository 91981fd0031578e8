//! What updates images stays on a cluster because the patch that deletes it does not see it.

use crate::finding::{Findings, Place, Severity};
use crate::fleet::facets::image_updates::{pushed_repository, selected_label};
use crate::object::{Object, ObjectId};
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

/// What a patch misses: the objects, and what they push to.
struct Missed<'a> {
    selector: &'a Node,
    objects: Vec<&'a Object>,
    repositories: Vec<ObjectId>,
}

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    if !context.variables().is_production() {
        return;
    }
    let mut by_patch: Vec<Missed<'_>> = Vec::new();
    for placed in context.cluster.image_updates().objects() {
        let Some((object, patch)) = context.cluster.image_updates().missed_by_patch(placed) else { continue };
        let label = selected_label(patch.selector);
        if label.is_none_or(|(key, value)| object.label(key).and_then(Node::text) == Some(value)) {
            continue;
        }
        let position = by_patch.iter().position(|it| std::ptr::eq(it.selector, patch.selector));
        let position = position.unwrap_or_else(|| {
            by_patch.push(Missed { selector: patch.selector, objects: Vec::new(), repositories: Vec::new() });
            by_patch.len() - 1
        });
        let Some(missed) = by_patch.get_mut(position) else { continue };
        if !missed.objects.iter().any(|known| known.id == object.id) {
            missed.objects.push(object);
        }
        missed.repositories.extend(pushed_repository(placed.object));
    }
    by_patch.iter().for_each(|missed| report(context, missed, findings));
}

/// One finding for all that a patch misses: a label is given to all of them in one place, and a patch selects all of them.
fn report(context: RuleContext<'_>, missed: &Missed<'_>, findings: &mut Findings) {
    let Some((key, value)) = selected_label(missed.selector) else { return };
    let Some((first, others)) = missed.objects.split_first() else { return };
    let labelled: Vec<&Node> = missed.objects.iter().filter_map(|object| object.label(key)).collect();
    let finding = match labelled.first().filter(|_| labelled.len() == missed.objects.len()) {
        // All of them have the label, so that the patch asks for a wrong value.
        Some(label) => {
            let has = label.text().unwrap_or_default();
            let message = format!(
                "this patch deletes what has `{key}={value}`, but what updates images has `{key}={has}`: it stays on this \
                 production cluster"
            );
            let finding = findings.report_place(Place::of_node(missed.selector), message);
            finding.help(format!("select `{key}={has}`")).argument(value).related_node(label, "the label, for example")
        }
        None => {
            let message = format!(
                "{} lacks the label `{key}: {value}`: it stays on this production cluster, whose patch deletes what has the label",
                first.id
            );
            let finding = findings.report(first, "/metadata/labels", message);
            finding.help(format!("add `{key}: {value}`"));
            for other in others {
                finding.related(other, "/metadata/name", "lacks it, too");
            }
            finding.related_node(missed.selector, "the patch selects by this label")
        }
    };
    for object in &missed.objects {
        finding.explains(context.unset(&object.id, "/metadata/labels")).explains(context.unwanted(&object.id));
    }
    // What they push to may have the label, and be gone.
    for repository in &missed.repositories {
        finding.explains(context.no_object(repository));
    }
}
