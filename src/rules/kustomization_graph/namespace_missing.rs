//! A namespace that objects go into and that nothing creates.

use crate::finding::{Findings, Place, Severity, entry_of};
use crate::fleet::existence::MissingNamespace;
use crate::rule::{Check, Rule, RuleContext, shown};

pub(crate) const RULE: Rule = Rule {
    id: "kustomization-graph/namespace-missing",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "objects go into a namespace that nothing on the cluster creates",
    is_pedantic: false,
    page: include_str!("../../../rules/kustomization-graph/namespace-missing.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    for missing in context.existence().missing_namespaces() {
        // What may create it says in a note that it is not known.
        if missing.creator.is_none() || missing.near.is_some() {
            report(context, &missing, findings);
        }
    }
}

fn report(context: RuleContext<'_>, missing: &MissingNamespace<'_>, findings: &mut Findings) {
    let (id, name) = (missing.object.id.clone(), &missing.id.name);
    let message = format!(
        "nothing creates namespace `{name}`: Kustomization `{}/{}` cannot apply {} there",
        missing.reconciler.object.id.namespace,
        missing.reconciler.object.id.name,
        shown(&id)
    );
    let message = message.replacen("Kustomization", &missing.reconciler.object.id.kind, 1);
    let entry = entry_of(&missing.id);
    let finding = findings.report(missing.object, "/metadata/namespace", message);
    finding.argument(name.as_str());
    match missing.near {
        Some(near) => {
            finding.help(format!("did you mean `{}`?", near.id.name));
            finding.related(near, "/metadata/name", "or this name is the one that is misspelt");
            finding.slip(Place::at(near, "/metadata/name").span(), name);
            finding.explains(context.no_object(&missing.id));
        }
        None => {
            finding.help(format!(
                "add a Namespace object; if it is created elsewhere, say so in fleetlint.yaml: `externals: [{entry}]`"
            ));
        }
    }
    // Without a sign in the fleet that it should be there, somebody may create it who is not in Git.
    let is_elsewhere = context.fleet.counterpart_of(context.cluster, &missing.id);
    match is_elsewhere {
        Some((_, twin)) => _ = finding.related(twin.object, "/metadata/name", "another cluster has it"),
        // Nor could who applies it write there if it were there.
        None if missing.near.is_none() => _ = finding.severity(Severity::Info).because(context.forbidden(&id)),
        None => {}
    }
    for lost in context.existence().lost_makers(&missing.id) {
        finding.because(context.not_applied(lost));
    }
    for maker in context.fleet.makers_elsewhere(context.cluster, &missing.id) {
        finding.because(context.nothing_of(&maker));
    }
}
