//! An image policy that sorts tags of any form.

use crate::finding::{Findings, Severity};
use crate::object::Object;
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "image-automation/unfiltered-tags",
    severity: Severity::Info,
    since: "0.1.0",
    summary: "an ImagePolicy sorts all tags, whatever their form",
    is_pedantic: false,
    page: include_str!("../../../rules/image-automation/unfiltered-tags.md"),
    check: Check::Object(&[("image.toolkit.fluxcd.io", "ImagePolicy")], check),
};

fn check(_: RuleContext<'_>, object: &Object, findings: &mut Findings) {
    // Versions filter by themselves: what is none does not take part.
    let Some(policy) = ["alphabetical", "numerical"]
        .into_iter()
        .find(|it| object.at("/spec/policy").is_some_and(|all| all.get(it).is_some()))
    else {
        return;
    };
    if object.at("/spec/filterTags/pattern").is_none() {
        let message = format!(
            "the `{policy}` policy has no `filterTags`: a tag of any form can win, `latest` and feature branches too"
        );
        findings
            .report(object, "/spec/policy", message)
            .argument(policy)
            .help("filter the tags that a release has: `filterTags: {pattern: …}`");
    }
}
