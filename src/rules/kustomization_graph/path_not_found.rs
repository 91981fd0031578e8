//! A Kustomization whose path does not exist in the source that it reads.

use crate::finding::{Findings, Severity};
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
        // runtime-info/environment-overlay-missing tells it.
        if view.fleet.missing_overlay(view.cluster, applier, &path).is_some() {
            continue;
        }
        let (place, missing) = (applier.source_shown(), applier.missing_folder(&path).unwrap_or(&path));
        let message = format!("`{missing}` is no folder of {place}: nothing of this Kustomization is applied");
        let finding = findings.report(&applier.object, "/spec/path", message);
        finding.help("correct the path (it is relative to the root of the source), or add the folder");
        if let Some(near) = applier.nearest_folder(&path) {
            finding.help(format!("did you mean `{near}`? A path is relative to the root of the source"));
        }
    }
}
