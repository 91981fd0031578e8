//! A Kustomization whose path does not exist in the source that it reads.

use crate::finding::{Fact, Findings, Severity};
use crate::fleet::Reconciler;
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "kustomization-graph/path-not-found",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "`spec.path` names a folder that does not exist in the source at the ref that the cluster reads",
    is_pedantic: false,
    page: include_str!("../../../rules/kustomization-graph/path-not-found.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    for (reconciler, path) in context.graph().missing_paths() {
        let parent = context.cluster.placed(reconciler);
        let parent = parent.and_then(|it| context.variables().unsubstituted_by(it, "/spec/path"));
        if let Some(parent) = parent {
            report_unsubstituted(context, parent, reconciler, findings);
            continue;
        }
        let (place, missing) = (reconciler.source_shown(), reconciler.missing_folder(&path).unwrap_or(&path));
        let message = match reconciler.leaves_out_by_sparse_checkout(&path) {
            Some(source) => format!(
                "`sparseCheckout` of {} leaves out `{path}`: nothing in this Kustomization will be applied",
                source.id
            ),
            None => format!("there is no folder `{missing}` in {place}: nothing in this Kustomization will be applied"),
        };
        let finding = findings.report(&reconciler.object, "/spec/path", message);
        finding.explains(context.not_applied(reconciler)).about(&reconciler.object, "/spec/sourceRef/name");
        // What is left of an expression that Flux refuses is no path.
        let written = reconciler.object.at("/spec/path").and_then(|path| path.origin.span);
        written.into_iter().for_each(|place| _ = finding.because(Fact::WrongValue(place)));
        if let Some(variable) = context.variables().missing_overlay(reconciler, &path) {
            finding.because(Fact::NoOverlay(context.cluster.name.clone(), reconciler.object.id.clone()));
            variable.place.into_iter().for_each(|place| _ = finding.because(Fact::WrongValue(place)));
        }
        finding.help("correct the path (it is relative to the root of the source), or add the folder");
        if let Some(source) = reconciler.leaves_out_by_sparse_checkout(&path) {
            finding.help("add the folder to `spec.sparseCheckout` of the source, or correct the path").related(
                source,
                "/spec/sparseCheckout",
                "only these folders are read",
            );
        } else if let Some(near) = reconciler.nearest_folder(&path, &|folder| context.fleet.is_root(folder)) {
            finding.help(format!("did you mean `{near}`? A path is relative to the root of the source"));
        }
    }
}

/// Told once for all that a Kustomization leaves unsubstituted, at the Kustomization that has to substitute.
fn report_unsubstituted(
    context: RuleContext<'_>,
    parent: &Reconciler,
    reconciler: &Reconciler,
    findings: &mut Findings,
) {
    let (namespace, name) = parent.name();
    let message = format!(
        "Kustomization `{namespace}/{name}` substitutes no variables: the `${{…}}` in the paths of its children are left unsubstituted"
    );
    let names_none = parent.object.at("/spec/postBuild/substituteFrom").is_none_or(|it| it.items().is_empty());
    let help = match names_none {
        true => "add `postBuild.substituteFrom` with the ConfigMap that holds the variables",
        false => "what `substituteFrom` names holds no variables: add them to its `data`",
    };
    findings
        .report(&parent.object, "/spec/postBuild", message)
        .help(help)
        .because(context.no_value(parent, ""))
        .related(&reconciler.object, "/spec/path", "this path stays as it is")
        .explains(context.not_substituted(parent))
        .explains(context.not_applied(reconciler));
}
