//! A kind that another Kustomization brings.

use crate::finding::{Findings, Severity};
use crate::fleet::facets::order::UnorderedKind;
use crate::rule::{Check, Rule, RuleContext, shown};

pub(crate) const RULE: Rule = Rule {
    id: "kustomization-graph/missing-dependency",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "a Kustomization applies objects of a kind that another one brings, and is not ordered after it",
    is_pedantic: false,
    page: include_str!("../../../rules/kustomization-graph/missing-dependency.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    for unordered in context.order().unordered_kinds() {
        report(context, &unordered, findings);
    }
}

fn report(context: RuleContext<'_>, unordered: &UnorderedKind<'_>, findings: &mut Findings) {
    let reconciler = |id| context.cluster.reconciler(id);
    let (later, earlier) = (reconciler(unordered.later), reconciler(unordered.earlier));
    let release = unordered.release.map(reconciler);
    let with = release.map(|release| format!(" with {}", shown(&release.object.id))).unwrap_or_default();
    let message = format!(
        "{} applies {}, whose kind {} brings{with}, and is not ordered after it: it fails until that is there",
        shown(&later.object.id),
        shown(&unordered.object.id),
        shown(&earlier.object.id)
    );
    let finding = findings.report(&later.object, "/spec/dependsOn", message);
    let (namespace, name) = earlier.name();
    let entry = match namespace == later.name().0 {
        true => format!("{{name: {name}}}"),
        false => format!("{{name: {name}, namespace: {namespace}}}"),
    };
    match earlier.kind == later.kind {
        true => finding.help(format!("add `{entry}` to `dependsOn`, and let that one wait: `wait: true`")),
        false => finding.help("apply the definition of the kind first, with a Kustomization that this one depends on"),
    };
    finding.because(context.not_ordered(&later.object.id)).because(context.not_applied(later));
    finding.about(&earlier.object, "/metadata/name");
    finding.related(unordered.object, "/metadata/name", "an object of the kind");
    finding.related(&release.unwrap_or(earlier).object, "/metadata/name", "brings the kind");
}
