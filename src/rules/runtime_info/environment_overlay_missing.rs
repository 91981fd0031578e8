//! A path with a variable, and the folder that its value names does not exist.

use std::collections::BTreeSet;

use crate::finding::{Fact, Finding, Findings, Place, Severity};
use crate::fleet::Reconciler;
use crate::fleet::facets::variables::PathVariable;
use crate::rule::{Check, Rule, RuleContext};
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
type Missing<'a> = (&'a Reconciler, String, PathVariable<'a>);

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    check_emptied(context, findings);
    let missing = context.graph().missing_paths().filter_map(|(reconciler, path)| {
        let variable = context.variables().missing_overlay(reconciler, &path)?;
        Some((reconciler, path, variable))
    });
    let missing: Vec<Missing<'_>> = missing.collect();
    for (index, one) in missing.iter().enumerate() {
        let is_same = |other: &&Missing<'_>| other.2.name == one.2.name && other.2.place == one.2.place;
        let count = missing.iter().filter(is_same).count();
        // A value that leads several paths and all of them nowhere is wrong itself: one defect, one finding.
        match one.2.place.filter(|_| count > 1 && !context.variables().leads_somewhere(&one.2)) {
            None => report_path(context, one, findings),
            Some(place) if !missing[..index].iter().any(|other| is_same(&other)) => {
                let finding = report_value(context, one, count, place, findings);
                for (reconciler, ..) in missing.iter().filter(is_same) {
                    finding.explains(no_overlay(context, reconciler)).explains(context.not_applied(reconciler));
                }
            }
            Some(_) => {}
        }
    }
}

/// The path of a reconciler misses its overlay.
fn no_overlay(context: RuleContext<'_>, reconciler: &Reconciler) -> Fact {
    Fact::NoOverlay(context.cluster.name.clone(), reconciler.object.id.clone())
}

/// A variable without a value, once, however many paths it leads astray.
fn check_emptied(context: RuleContext<'_>, findings: &mut Findings) {
    let mut told = BTreeSet::new();
    for (reconciler, variable) in context.variables().paths_with_empty_variable() {
        let parent = reconciler.parent.map(|id| context.cluster.reconciler(id));
        let no_value = parent.map(|parent| context.no_value(parent, variable.name));
        if !told.insert((variable.name.to_owned(), variable.place, no_value.clone())) {
            continue;
        }
        let path = reconciler.object.str("/spec/path").unwrap_or_default();
        let what = if variable.place.is_some() { "empty" } else { "not defined" };
        let message =
            format!("`{}` is {what}: `{path}` resolves to the parent folder, which does not build", variable.name);
        match variable.place {
            Some(place) => {
                let finding = report_at_value(context, &variable, place, message, findings);
                finding.related(&reconciler.object, "/spec/path", "for example, used in this path");
                finding.argument(variable.name).help("set it to the name of an existing folder")
            }
            None => {
                let finding = findings.report(&reconciler.object, "/spec/path", message);
                finding.argument(variable.name).help("correct the name of the variable, or define it");
                no_value.into_iter().for_each(|fact| _ = finding.because(fact.clone()).explains(fact));
                finding
            }
        };
    }
}

fn report_path(context: RuleContext<'_>, (reconciler, path, variable): &Missing<'_>, findings: &mut Findings) {
    let message = format!(
        "`{path}` does not exist in {}: there is no overlay for `{}` `{}`",
        reconciler.source_shown(),
        variable.name,
        variable.value_shown()
    );
    findings
        .report(&reconciler.object, "/spec/path", message)
        .argument(variable.value_shown())
        .explains(no_overlay(context, reconciler))
        .explains(context.not_applied(reconciler))
        .help("add the overlay to that branch, or correct the variable")
        .related_span(variable.place, "the value of the variable on this cluster");
}

fn report_value<'f>(
    context: RuleContext<'_>,
    missing: &Missing<'_>,
    count: usize,
    place: Span,
    findings: &'f mut Findings,
) -> &'f mut Finding {
    let (reconciler, path, variable) = missing;
    let message = format!(
        "`{}` is `{}`, and none of the {count} paths that use it exist: there is no `{path}` in {}, for example",
        variable.name,
        variable.value_shown(),
        reconciler.source_shown()
    );
    let finding = report_at_value(context, variable, place, message, findings);
    finding.argument(variable.value_shown());
    finding.help("set it to an environment that has overlays").related(
        &reconciler.object,
        "/spec/path",
        "for example, used in this path",
    )
}

/// At the value in runtime-info, or wherever else it was written.
fn report_at_value<'f>(
    context: RuleContext<'_>,
    variable: &PathVariable<'_>,
    place: Span,
    message: String,
    findings: &'f mut Findings,
) -> &'f mut Finding {
    let runtime_info = context.variables().runtime_info().map(|placed| placed.object);
    let pointer = format!("/data/{}", variable.name);
    match runtime_info.filter(|object| object.at(&pointer).and_then(Node::place) == Some(place)) {
        Some(runtime_info) => findings.report(runtime_info, &pointer, message),
        None => findings.report_place(Place::of_span(place), message),
    }
}
