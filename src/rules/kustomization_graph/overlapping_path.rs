//! A folder that two Kustomizations build.

use crate::finding::{Findings, Severity};
use crate::fleet::Reconciler;
use crate::fleet::facets::graph::Duplicate;
use crate::flux::build::clean_path;
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "kustomization-graph/overlapping-path",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "a Kustomization builds a folder inside the folder of another one, so that both own its objects",
    is_pedantic: false,
    page: include_str!("../../../rules/kustomization-graph/overlapping-path.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    for duplicate in context.graph().duplicates().iter().filter(|duplicate| duplicate.is_overlap) {
        report(duplicate, findings);
    }
}

fn report(duplicate: &Duplicate<'_>, findings: &mut Findings) {
    let path = |reconciler: &Reconciler| clean_path(reconciler.object.str("/spec/path").unwrap_or_default());
    let is_inner = path(duplicate.first).len() > path(duplicate.second).len();
    let (outer, inner) =
        if is_inner { (duplicate.second, duplicate.first) } else { (duplicate.first, duplicate.second) };
    let count = match duplicate.objects.len() {
        1 => "1 object".to_owned(),
        count => format!("{count} objects"),
    };
    let message = format!(
        "Kustomization `{}` builds `./{}`, which Kustomization `{}` builds, too: both own {count}, and take them from each other",
        name(inner),
        path(inner),
        name(outer)
    );
    let finding = findings.report(&inner.object, "/spec/path", message);
    finding.help(format!(
        "move the folder out of `./{}`, or leave it out of what `{}` builds",
        path(outer),
        name(outer)
    ));
    finding.about(&outer.object, "/metadata/name");
    finding.related(&outer.object, "/spec/path", "this path holds it");
}

fn name(reconciler: &Reconciler) -> String {
    let (namespace, name) = reconciler.name();
    format!("{namespace}/{name}")
}
