//! An object names another one that is not on its cluster.

use crate::finding::{Findings, Severity};
use crate::fleet::existence::ReferenceUse;
use crate::flux::kinds::Reference;
use crate::rule::{Check, Rule, RuleContext, shown};

pub(crate) const RULE: Rule = Rule {
    id: "sources/reference-not-found",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "`valuesFrom`, `healthChecks`, `providerRef` or another reference names an object that is not on that cluster",
    is_pedantic: false,
    page: include_str!("../../../rules/sources/reference-not-found.md"),
    check: Check::Cluster(check),
};

/// The fields that it looks at, each with what comes of a missing object.
const FIELDS: [(&str, &str); 8] = [
    ("spec.eventSources[]", "never reports on it"),
    ("spec.healthChecks[]", "waits for it and is never ready"),
    ("spec.imageRepositoryRef", "has no tags to choose from"),
    ("spec.inputsFrom[]", "cannot be rendered, and nothing of it will be applied"),
    ("spec.kubeConfig.configMapRef", "cannot reach its cluster"),
    ("spec.providerRef", "sends nothing"),
    ("spec.resources[]", "cannot trigger it"),
    ("spec.valuesFrom[]", "has no values and cannot be installed"),
];

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    let is_asked = |reference: &Reference| effect_of(reference).is_some();
    let all = context.existence().missing_references(is_asked);
    context.note_open(all.iter(), findings);
    for missing in &all {
        let Some(finding) = context.report_missing(missing, effect, findings) else { continue };
        missing.waiting.iter().for_each(|reconciler| _ = finding.explains(context.not_applied(reconciler)));
    }
}

fn effect(it: &ReferenceUse<'_>) -> String {
    format!("{} {}", shown(&it.object.id), effect_of(it.reference).unwrap_or_default())
}

fn effect_of(reference: &Reference) -> Option<&'static str> {
    FIELDS.iter().find(|(field, _)| *field == reference.path).map(|(_, effect)| *effect)
}
