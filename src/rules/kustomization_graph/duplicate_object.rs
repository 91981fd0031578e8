//! An object that two reconcilers apply.

use crate::finding::{Findings, Severity};
use crate::fleet::Reconciler;
use crate::fleet::facets::graph::Duplicate;
use crate::rule::{Check, Rule, RuleContext, shown as shown_object};

pub(crate) const RULE: Rule = Rule {
    id: "kustomization-graph/duplicate-object",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "two Kustomizations of a cluster apply the same object",
    is_pedantic: false,
    page: include_str!("../../../rules/kustomization-graph/duplicate-object.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    for duplicate in context.graph().duplicates().iter().filter(|duplicate| !duplicate.is_overlap) {
        report(context, duplicate, findings);
    }
}

fn report(context: RuleContext<'_>, duplicate: &Duplicate<'_>, findings: &mut Findings) {
    let Some((first, second)) = duplicate.objects.first() else { return };
    let differs = duplicate.differs();
    let more = match duplicate.objects.len() {
        1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    let effect = match differs {
        true => "they differ, and overwrite each other",
        false => "each takes it from the other, and pruning one removes it from both",
    };
    let message = format!(
        "{} and {} both apply {}{more}: {effect}",
        shown(duplicate.first),
        shown(duplicate.second),
        shown_object(&second.id)
    );
    let is_one_file = first.document() == second.document();
    let pointer = if is_one_file { "/spec/path" } else { "/metadata/name" };
    let object = if is_one_file { &duplicate.second.object } else { *second };
    let finding = findings.report(object, pointer, message);
    finding.help("leave it to one of the two, and let the other one depend on it");
    finding.about(&duplicate.first.object, "/metadata/name").about(&duplicate.second.object, "/metadata/name");
    if duplicate.objects.len() == 1 {
        finding.because(context.renamed(&second.id));
    }
    if !differs {
        finding.severity(Severity::Warning);
    }
    match is_one_file {
        true => {
            let object = &duplicate.first.object;
            finding.related(object, "/spec/path", format!("{} builds it, too", shown(duplicate.first)));
            finding.related(second, "/metadata/name", "the object")
        }
        false => finding.related(first, "/metadata/name", format!("{} applies this", shown(duplicate.first))),
    };
}

fn shown(reconciler: &Reconciler) -> String {
    let id = &reconciler.object.id;
    format!("{} `{}/{}`", id.kind, id.namespace, id.name)
}
