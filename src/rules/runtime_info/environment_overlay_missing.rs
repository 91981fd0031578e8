//! A path that ends in a variable, and the folder that its value names does not exist.

use crate::finding::{Findings, Severity};
use crate::fleet::query::path_variable;
use crate::rule::{Check, Rule, View};

pub(crate) const RULE: Rule = Rule {
    id: "runtime-info/environment-overlay-missing",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "the overlay of a cluster's environment does not exist in the repository that the cluster reads",
    is_pedantic: false,
    page: include_str!("../../../rules/runtime-info/environment-overlay-missing.md"),
    check: Check::Cluster(check),
};

fn check(view: View<'_>, findings: &mut Findings) {
    for (applier, path) in view.cluster.missing_paths() {
        let Some(variable) = path_variable(&applier.object) else { continue };
        let place = applier.source_shown();
        let message = format!(
            "`{path}` does not exist in {place}: there is no overlay for `{}` `{}`",
            variable.name,
            variable.value_shown()
        );
        findings
            .report(&applier.object, "/spec/path", message)
            .help("add the overlay to that branch, or correct the variable")
            .related_span(variable.place, "the value of the variable on this cluster");
    }
}
