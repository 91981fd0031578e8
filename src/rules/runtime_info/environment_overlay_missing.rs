//! A path with a variable, and the folder that its value names does not exist.

use std::collections::BTreeSet;

use crate::finding::{Finding, Findings, Place, Severity};
use crate::fleet::Applier;
use crate::fleet::query::PathVariable;
use crate::rule::{Check, Rule, View};
use crate::yaml::{Node, Span};

pub(crate) const RULE: Rule = Rule {
    id: "runtime-info/environment-overlay-missing",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "the overlay of a cluster's environment does not exist in the repository that the cluster reads",
    is_pedantic: false,
    page: include_str!("../../../rules/runtime-info/environment-overlay-missing.md"),
    check: Check::Cluster(check),
};

/// A Kustomization that misses its overlay, with the path and the variable in it.
type Missing<'a> = (&'a Applier, String, PathVariable<'a>);

fn check(view: View<'_>, findings: &mut Findings) {
    check_emptied(view, findings);
    let missing = view.cluster.missing_paths().filter_map(|(applier, path)| {
        let variable = view.fleet.missing_overlay(view.cluster, applier, &path)?;
        Some((applier, path, variable))
    });
    let missing: Vec<Missing<'_>> = missing.collect();
    for (index, one) in missing.iter().enumerate() {
        let is_same = |other: &&Missing<'_>| other.2.name == one.2.name && other.2.place == one.2.place;
        let count = missing.iter().filter(is_same).count();
        // A value that leads several paths and all of them nowhere is wrong itself: one defect, one finding.
        match one.2.place.filter(|_| count > 1 && !view.cluster.leads_somewhere(&one.2)) {
            None => report_path(one, findings),
            Some(place) if !missing[..index].iter().any(|other| is_same(&other)) => {
                report_value(view, one, count, place, findings);
            }
            Some(_) => {}
        }
    }
}

/// A variable without a value, once, however many paths it leads astray. Where it is not defined, missing-key tells it if
/// it is a key of runtime-info.
fn check_emptied(view: View<'_>, findings: &mut Findings) {
    let mut told = BTreeSet::new();
    for (applier, variable) in view.fleet.emptied_paths(view.cluster) {
        let is_key = view.fleet.runtime_keys().contains(variable.name) || view.fleet.key_near(variable.name).is_some();
        let is_told = variable.place.is_none() && is_key && is_from_runtime_info(view, applier);
        if is_told || !told.insert((variable.name.to_owned(), variable.place)) {
            continue;
        }
        let path = applier.object.str("/spec/path").unwrap_or_default();
        let what = if variable.place.is_some() { "empty" } else { "not defined" };
        let message =
            format!("`{}` is {what}: `{path}` is the folder above what was meant, and does not build", variable.name);
        match variable.place {
            Some(place) => {
                let finding = report_at_value(view, &variable, place, message, findings);
                finding.related(&applier.object, "/spec/path", "the variable stands in this path, for example");
                finding.help("give it a value that has a folder there")
            }
            None => findings
                .report(&applier.object, "/spec/path", message)
                .help("correct the name of the variable, or define it"),
        };
    }
}

/// Whether what applies a Kustomization substitutes from runtime-info.
fn is_from_runtime_info(view: View<'_>, applier: &Applier) -> bool {
    let parent = applier.parent.map(|id| view.cluster.applier(id));
    parent.is_some_and(|parent| view.fleet.reads_runtime_info(parent))
        && view.fleet.runtime_info(view.cluster).is_some()
}

fn report_path((applier, path, variable): &Missing<'_>, findings: &mut Findings) {
    let message = format!(
        "`{path}` does not exist in {}: there is no overlay for `{}` `{}`",
        applier.source_shown(),
        variable.name,
        variable.value_shown()
    );
    findings
        .report(&applier.object, "/spec/path", message)
        .help("add the overlay to that branch, or correct the variable")
        .related_span(variable.place, "the value of the variable on this cluster");
}

fn report_value(view: View<'_>, missing: &Missing<'_>, count: usize, place: Span, findings: &mut Findings) {
    let (applier, path, variable) = missing;
    let message = format!(
        "`{}` is `{}`, and none of the {count} paths with it exists: there is no `{path}` in {}, for example",
        variable.name,
        variable.value_shown(),
        applier.source_shown()
    );
    let finding = report_at_value(view, variable, place, message, findings);
    finding.help("set it to an environment that has overlays").related(
        &applier.object,
        "/spec/path",
        "the variable stands in this path, for example",
    );
}

/// At the value in runtime-info, or wherever else it was written.
fn report_at_value<'f>(
    view: View<'_>,
    variable: &PathVariable<'_>,
    place: Span,
    message: String,
    findings: &'f mut Findings,
) -> &'f mut Finding {
    let runtime_info = view.fleet.runtime_info(view.cluster).map(|placed| &placed.object);
    let pointer = format!("/data/{}", variable.name);
    match runtime_info.filter(|object| object.at(&pointer).and_then(Node::place) == Some(place)) {
        Some(runtime_info) => findings.report(runtime_info, &pointer, message),
        None => findings.report_place(Place::of_span(place), message),
    }
}
