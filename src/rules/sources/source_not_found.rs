//! An object names a source or a chart that is not on its cluster.

use crate::finding::{Findings, Severity};
use crate::fleet::existence::ReferenceUse;
use crate::flux::api::group;
use crate::flux::kinds::Reference;
use crate::rule::{Check, Rule, RuleContext, shown};

pub(crate) const RULE: Rule = Rule {
    id: "sources/source-not-found",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "`sourceRef`, `chartRef` or a source of an artifact names an object that is not on that cluster",
    is_pedantic: false,
    page: include_str!("../../../rules/sources/source-not-found.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    let all = context.existence().missing_references(is_to_source);
    // Where the source of a Kustomization may be there, the note on what was not expanded says so.
    context.note_open(all.iter().filter(|missing| !missing.has_note()), findings);
    for missing in &all {
        let Some(finding) = context.report_missing(missing, effect, findings) else { continue };
        finding.explains(context.no_object(&missing.id));
        missing.waiting.iter().for_each(|reconciler| _ = finding.explains(context.not_applied(reconciler)));
    }
}

/// Whether a field names nothing but sources.
fn is_to_source(reference: &Reference) -> bool {
    reference.targets.iter().all(|(target, _)| *target == group::SOURCE)
}

/// What comes of a missing source where it is named.
fn effect(it: &ReferenceUse<'_>) -> String {
    let (id, shown) = (&it.object.id, shown(&it.object.id));
    let what = match id.kind.as_str() {
        "Kustomization" => return format!("nothing in {shown} will be applied"),
        "HelmRelease" => "has no chart and cannot be installed",
        "ArtifactGenerator" => "creates no artifact",
        "ImageUpdateAutomation" => "cannot push updates",
        _ => "is never ready",
    };
    format!("{shown} {what}")
}
