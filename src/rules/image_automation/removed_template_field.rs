//! A commit message whose template uses fields that Flux no longer has.

use crate::finding::{Findings, Severity};
use crate::flux::release::Feature;
use crate::object::Object;
use crate::rule::{Check, Rule, RuleContext};

/// The field with the template.
const TEMPLATE: &str = "/spec/git/commit/messageTemplate";

/// What was removed, and what is there instead.
const REMOVED: [(&str, &str); 2] = [(".Updated", ".Changed"), (".Changed.ImageResult", ".Changed.Objects")];

pub(crate) const RULE: Rule = Rule {
    id: "image-automation/removed-template-field",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "the commit message template of an automation uses fields that Flux 2.7 removed",
    is_pedantic: false,
    page: include_str!("../../../rules/image-automation/removed-template-field.md"),
    check: Check::Object(&[("image.toolkit.fluxcd.io", "ImageUpdateAutomation")], check),
};

fn check(context: RuleContext<'_>, object: &Object, findings: &mut Findings) {
    let Some(template) = object.str(TEMPLATE) else { return };
    if !context.cluster.features.has_if_newest(Feature::ChangedTemplates) {
        return;
    }
    for (field, instead) in REMOVED.iter().filter(|(field, _)| uses(template, field)) {
        let message =
            format!("the template uses `{field}`, which Flux 2.7 removed: the automation fails and commits nothing");
        findings.report(object, TEMPLATE, message).argument(*field).help(format!("use `{instead}`"));
    }
}

/// Whether a field is named in an action of a template.
fn uses(template: &str, field: &str) -> bool {
    let actions = template.split("{{").skip(1).filter_map(|rest| rest.split("}}").next());
    actions.into_iter().any(|action| {
        action.match_indices(field).any(|(at, _)| {
            let after = action.get(at + field.len()..).unwrap_or_default();
            let before = action.get(..at).unwrap_or_default();
            let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
            !after.starts_with(is_word) && !before.ends_with(is_word)
        })
    })
}
