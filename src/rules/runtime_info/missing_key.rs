//! A variable that a cluster's objects use and its runtime-info lacks.

use std::collections::BTreeSet;

use crate::finding::{Fact, Finding, Findings, Place, Severity};
use crate::flux::release::Feature;
use crate::flux::substitute::VariableUse;
use crate::near::near;
use crate::object::Object;
use crate::rule::{Check, Rule, RuleContext};
use crate::yaml::Node;

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
    let Some(runtime_info) = context.variables().runtime_info() else { return };
    if lacks_data(runtime_info.object) {
        return report_empty(context, runtime_info.object, findings);
    }
    let known = context.fleet.runtime_keys();
    let mut told = BTreeSet::new();
    let promised = &context.fleet.profile.runtime_keys;
    let is_used = |name: &str| context.variables().uses_of_runtime_info().any(|used| used.name == name);
    let is_other = |name: &str| promised.iter().any(|key| key == name) || is_used(name);
    for used in context.variables().uses_of_runtime_info().filter(|used| is_missing(used)) {
        if let Some(meant) = context.fleet.key_near(&used.name) {
            if let Some(finding) = report_slip(used, meant, runtime_info.object, outcome(context), findings) {
                explain(context, &used.name, finding);
            }
            continue;
        }
        // Any other name that no cluster defines is not a key of runtime-info but somebody else's `${…}`.
        if !known.contains(used.name.as_str()) || !told.insert(&used.name) {
            continue;
        }
        let why = format!("which objects of this cluster use: {}", outcome(context));
        let finding = report(runtime_info.object, &used.name, &why, (findings, is_other));
        finding.related_span(used.place, "used here");
        because_of_slip(runtime_info.object, &used.name, finding);
        explain(context, &used.name, finding);
    }
    let has = |key: &str| runtime_info.object.at("/data").is_some_and(|data| data.get(key).is_some());
    for key in promised.iter().filter(|key| !has(key) && !told.contains(key)) {
        let finding =
            report(runtime_info.object, key, "which every cluster of this fleet must define", (findings, is_other));
        because_of_slip(runtime_info.object, key, finding);
        explain(context, key, finding);
    }
}

/// A key that is almost this one and no name of a variable is the cause: Flux refuses it.
fn because_of_slip(runtime_info: &Object, name: &str, finding: &mut Finding) {
    let keys = runtime_info.at("/data").map(Node::entries).unwrap_or_default().iter().map(|entry| &entry.key);
    let is_slip = |key: &&Node| {
        let key = key.text().unwrap_or_default();
        !key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !near(key, &[name]).is_empty()
    };
    let places = keys.filter(is_slip).filter_map(Node::place);
    places.for_each(|place| _ = finding.because(Fact::WrongValue(place)));
}

fn lacks_data(runtime_info: &Object) -> bool {
    runtime_info
        .at("/data")
        .is_none_or(|data| data.is_null() || data.as_mapping().is_some_and(|it| it.entries.is_empty()))
}

/// One finding for all keys: there is no `data`, or it is under another name.
fn report_empty(context: RuleContext<'_>, runtime_info: &Object, findings: &mut Findings) {
    let keys = context.fleet.runtime_keys();
    let needed = context.variables().uses_of_runtime_info().filter(|used| is_missing(used));
    let names: BTreeSet<&str> = needed.map(|used| used.name.as_str()).filter(|name| keys.contains(name)).collect();
    let promised = context.fleet.profile.runtime_keys.iter().map(|key| key.as_str());
    let names: BTreeSet<&str> = names.into_iter().chain(promised).collect();
    if names.is_empty() {
        return;
    }
    let shown: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let message = format!("`{}` has no `data`: it lacks {}", runtime_info.id.name, shown.join(", "));
    let finding = findings.report(runtime_info, "/data", message);
    finding.help("add the keys to the ConfigMap's `data`");
    let fields = runtime_info.root.entries().iter().filter_map(|entry| entry.key.text());
    let is_meant = |field: &&str| *field == "stringData" || *field != "data" && !near(field, &["data"]).is_empty();
    if let Some(field) = fields.into_iter().find(is_meant) {
        finding.help(format!("write `data`, not `{field}`")).at_place(Place::key(runtime_info, &format!("/{field}")));
    }
    names.iter().for_each(|name| explain(context, name, finding));
    // Without any value nothing is replaced at all.
    explain(context, "", finding);
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

fn report<'a>(
    runtime_info: &Object,
    key: &str,
    why: &str,
    (findings, is_other): (&'a mut Findings, impl Fn(&str) -> bool),
) -> &'a mut Finding {
    let message = format!("`{}` lacks the key `{key}`, {why}", runtime_info.id.name);
    let finding = findings.report(runtime_info, &format!("/data/{key}"), message);
    finding.help(format!("add `{key}` to the ConfigMap's `data`"));
    // A key that nothing asks for may be the one, misspelt.
    let keys = runtime_info.at("/data").map(Node::entries).unwrap_or_default().iter().map(|entry| &entry.key);
    let is_misspelt = |it: &&Node| it.text().is_some_and(|it| !is_other(it) && !near(it, &[key]).is_empty());
    if let Some(misspelt) = keys.into_iter().find(is_misspelt) {
        finding
            .help(format!("did you mean `{key}`?"))
            .at_place(Place::key(runtime_info, &format!("/data/{}", misspelt.text().unwrap_or_default())));
        misspelt.place().into_iter().for_each(|place| _ = finding.explains(Fact::WrongName(place)));
    }
    finding
}

fn is_missing(used: &VariableUse) -> bool {
    !used.is_defined && !used.has_default
}
