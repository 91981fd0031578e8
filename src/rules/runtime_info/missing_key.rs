//! A variable that a cluster's objects use and its runtime-info lacks.

use std::collections::BTreeSet;

use crate::finding::{Findings, Severity};
use crate::flux::substitute::VariableUse;
use crate::rule::{Check, Rule, View};

pub(crate) const RULE: Rule = Rule {
    id: "runtime-info/missing-key",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a cluster's runtime-info lacks a key that its objects use",
    is_pedantic: false,
    page: include_str!("../../../rules/runtime-info/missing-key.md"),
    check: Check::Cluster(check),
};

fn check(view: View<'_>, findings: &mut Findings) {
    let Some(runtime_info) = view.fleet.runtime_info(view.cluster) else { return };
    let promised = view.fleet.runtime_keys();
    let mut told = BTreeSet::new();
    for used in view.fleet.uses_of_runtime_info(view.cluster).filter(|used| is_missing(used)) {
        // A name that no cluster defines is no key of runtime-info but somebody else's `${…}`.
        if !promised.contains(used.name.as_str()) || !told.insert(&used.name) {
            continue;
        }
        let key = &used.name;
        let outcome = match view.cluster.flux_version.is_some_and(|version| version.is_strict()) {
            true => "the build fails",
            false => "it becomes empty",
        };
        let message = format!(
            "`{}` lacks the key `{key}`, which objects of this cluster use: {outcome}",
            runtime_info.object.id.name
        );
        findings
            .report(&runtime_info.object, &format!("/data/{key}"), message)
            .help(format!("add `{key}` to the ConfigMap's `data`"))
            .related_span(used.place, "used here");
    }
}

fn is_missing(used: &VariableUse) -> bool {
    !used.is_defined && !used.has_default
}
