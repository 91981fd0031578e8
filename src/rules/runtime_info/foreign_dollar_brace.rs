//! A `${…}` that nothing defines, on a cluster whose Flux makes it empty.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Fact, Findings, Place, Severity};
use crate::fleet::Reconciler;
use crate::flux::release::Feature;
use crate::flux::substitute::VariableUse;
use crate::near::typo_of;
use crate::rule::{Check, Rule, RuleContext};
use crate::source::FileId;
use crate::yaml::Span;

pub(crate) const RULE: Rule = Rule {
    id: "runtime-info/foreign-dollar-brace",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "a Kustomization substitutes a `${…}` that nothing defines: it becomes empty",
    is_pedantic: false,
    page: include_str!("../../../rules/runtime-info/foreign-dollar-brace.md"),
    check: Check::Cluster(check),
};

/// How many more places of a file a finding names.
const MAX_RELATED: usize = 10;

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    // Strict releases refuse it: that is a failed build.
    if context.cluster.features.has(Feature::StrictSubstitution) != Some(false) {
        return;
    }
    let keys = context.fleet.runtime_keys();
    for reconciler in &context.cluster.reconcilers {
        // A key of runtime-info is nobody else's.
        let is_key = |name: &str| keys.contains(name) || context.fleet.key_near(name).is_some();
        let has_keys = context.fleet.reads_runtime_info(reconciler);
        let is_foreign = |used: &&VariableUse| {
            let is_empty = !used.is_defined && !used.has_default && !used.is_beside_failure;
            is_empty && !(has_keys && is_key(&used.name))
        };
        let mut by_file: BTreeMap<FileId, Vec<(&VariableUse, Span)>> = BTreeMap::new();
        for used in reconciler.uses.iter().filter(is_foreign) {
            let place = used.place.map(|place| (place.file, (used, place)));
            place.into_iter().for_each(|(file, found)| by_file.entry(file).or_default().push(found));
        }
        if by_file.is_empty() {
            continue;
        }
        let names: BTreeSet<&str> = context.variables().definitions_of(reconciler).iter().map(|it| it.name).collect();
        let known: Vec<&str> = names.into_iter().collect();
        for mut uses in by_file.into_values() {
            uses.sort_by_key(|(_, place)| (place.start, place.end));
            uses.dedup_by_key(|(_, place)| *place);
            let (slips, foreign): (Vec<_>, Vec<_>) =
                uses.into_iter().partition(|(used, _)| typo_of(&used.name, &known).is_some());
            slips.iter().for_each(|slip| report(context, reconciler, (*slip, &[]), &known, findings));
            if let Some((first, others)) = foreign.split_first() {
                report(context, reconciler, (*first, others), &known, findings);
            }
        }
    }
}

/// One finding for all that a file uses, because one step repairs it: an annotation, or escapes.
fn report(
    context: RuleContext<'_>,
    reconciler: &Reconciler,
    ((used, place), others): ((&VariableUse, Span), &[(&VariableUse, Span)]),
    known: &[&str],
    findings: &mut Findings,
) {
    let ((namespace, kustomization), name) = (reconciler.name(), &used.name);
    let more = if others.is_empty() { String::new() } else { format!(" (and {} more in this file)", others.len()) };
    let message = format!(
        "`{name}` is not defined: `${{{name}}}` becomes empty in Kustomization `{namespace}/{kustomization}`{more}"
    );
    let finding = findings.report_place(Place::of_span(place), message);
    finding.argument(name.as_str()).help(match typo_of(name, known) {
        Some(meant) => format!("did you mean `${{{meant}}}`?"),
        None => format!(
            "if it is not a variable of Flux, write `$${{{name}}}`, or annotate the object with `kustomize.toolkit.fluxcd.io/substitute: disabled`"
        ),
    });
    for (used, place) in others.iter().take(MAX_RELATED) {
        finding.related_span(Some(*place), format!("`{}` becomes empty, too", used.name));
    }
    for used in std::iter::once(used).chain(others.iter().map(|(used, _)| *used)) {
        finding.because(context.no_value(reconciler, &used.name));
        // A strict cluster refuses the same text.
        used.place.into_iter().for_each(|place| _ = finding.because(Fact::WrongValue(place)));
    }
}
