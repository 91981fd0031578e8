//! A variable that a cluster's objects use and its runtime-info lacks.

use std::collections::BTreeSet;

use crate::finding::{Finding, Findings, Place, Severity};
use crate::flux::release::Feature;
use crate::flux::substitute::VariableUse;
use crate::object::Object;
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "runtime-info/missing-key",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a cluster's runtime-info lacks a key that its objects use",
    is_pedantic: false,
    page: include_str!("../../../rules/runtime-info/missing-key.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    let Some(runtime_info) = context.fleet.runtime_info(context.cluster) else { return };
    let known = context.fleet.runtime_keys();
    let mut told = BTreeSet::new();
    for used in context.fleet.uses_of_runtime_info(context.cluster).filter(|used| is_missing(used)) {
        if let Some(meant) = context.fleet.key_near(&used.name) {
            if let Some(finding) = report_slip(used, meant, &runtime_info.object, outcome(context), findings) {
                explain(context, &used.name, finding);
            }
            continue;
        }
        // Any other name that no cluster defines is not a key of runtime-info but somebody else's `${…}`.
        if !known.contains(used.name.as_str()) || !told.insert(&used.name) {
            continue;
        }
        let why = format!("which objects of this cluster use: {}", outcome(context));
        let finding = report(&runtime_info.object, &used.name, &why, findings);
        explain(context, &used.name, finding.related_span(used.place, "used here"));
    }
    let has = |key: &str| runtime_info.object.at("/data").is_some_and(|data| data.get(key).is_some());
    for key in context.fleet.profile.runtime_keys.iter().filter(|key| !has(key) && !told.contains(key)) {
        let finding = report(&runtime_info.object, key, "which every cluster of this fleet must define", findings);
        explain(context, key, finding);
    }
}

/// Whatever substitutes from runtime-info has no value for the name.
fn explain(context: RuleContext<'_>, name: &str, finding: &mut Finding) {
    for reconciler in
        context.cluster.reconcilers.iter().filter(|reconciler| context.fleet.reads_runtime_info(reconciler))
    {
        finding.explains(context.no_value(reconciler, name));
    }
}

fn outcome(context: RuleContext<'_>) -> &'static str {
    match context.cluster.features.has(Feature::StrictSubstitution) == Some(true) {
        true => "the build fails",
        false => "it becomes empty",
    }
}

/// A name that nobody defines and that is almost a key.
fn report_slip<'f>(
    used: &VariableUse,
    meant: &str,
    runtime_info: &Object,
    outcome: &str,
    findings: &'f mut Findings,
) -> Option<&'f mut Finding> {
    let place = used.place.map(Place::of_span)?;
    let message = format!("`{}` is not a key in `{}`: {outcome}", used.name, runtime_info.id.name);
    let finding = findings.report_place(place, message).argument(used.name.as_str());
    finding.help(format!("did you mean `${{{meant}}}`?"));
    Some(finding.related(runtime_info, "/data", "the keys"))
}

fn report<'a>(runtime_info: &Object, key: &str, why: &str, findings: &'a mut Findings) -> &'a mut Finding {
    let message = format!("`{}` lacks the key `{key}`, {why}", runtime_info.id.name);
    let finding = findings.report(runtime_info, &format!("/data/{key}"), message);
    finding.help(format!("add `{key}` to the ConfigMap's `data`"))
}

fn is_missing(used: &VariableUse) -> bool {
    !used.is_defined && !used.has_default
}
