//! A Kustomization whose path does not exist in the source that it reads.

use crate::finding::{Fact, Findings, Severity};
use crate::fleet::Applier;
use crate::rule::{Check, Rule, View};

pub(crate) const RULE: Rule = Rule {
    id: "kustomization-graph/path-not-found",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "`spec.path` names a folder that does not exist in the source at the ref that the cluster reads",
    is_pedantic: false,
    page: include_str!("../../../rules/kustomization-graph/path-not-found.md"),
    check: Check::Cluster(check),
};

fn check(view: View<'_>, findings: &mut Findings) {
    for (applier, path) in view.cluster.missing_paths() {
        let placed = &view.cluster.objects[applier.placed];
        if let Some(parent) = view.fleet.leaves_variables(view.cluster, placed, "/spec/path") {
            report_unsubstituted(view, parent, applier, findings);
            continue;
        }
        let (place, missing) = (applier.source_shown(), applier.missing_folder(&path).unwrap_or(&path));
        let message =
            format!("there is no folder `{missing}` in {place}: nothing in this Kustomization will be applied");
        let finding = findings.report(&applier.object, "/spec/path", message);
        finding.explains(view.not_applied(applier));
        if let Some(variable) = view.fleet.missing_overlay(view.cluster, applier, &path) {
            finding.because(Fact::NoOverlay(view.cluster.name.clone(), applier.object.id.clone()));
            variable.place.into_iter().for_each(|place| _ = finding.because(Fact::WrongValue(place)));
        }
        finding.help("correct the path (it is relative to the root of the source), or add the folder");
        if let Some(near) = applier.nearest_folder(&path, &|folder| view.fleet.is_root(folder)) {
            finding.help(format!("did you mean `{near}`? A path is relative to the root of the source"));
        }
    }
}

/// Told once for all that a Kustomization leaves unsubstituted, at the Kustomization that has to substitute.
fn report_unsubstituted(view: View<'_>, parent: &Applier, applier: &Applier, findings: &mut Findings) {
    let (namespace, name) = parent.name();
    let message = format!(
        "Kustomization `{namespace}/{name}` substitutes no variables: the `${{…}}` in the paths of its children are left unsubstituted"
    );
    findings
        .report(&parent.object, "/spec/postBuild", message)
        .help("add `postBuild.substituteFrom` with the ConfigMap that holds the variables")
        .related(&applier.object, "/spec/path", "this path stays as it is")
        .explains(view.not_substituted(parent))
        .explains(view.not_applied(applier));
}
