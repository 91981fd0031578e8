//! A Kustomization applies what SOPS encrypted, and does not decrypt it.

use crate::finding::{Findings, Severity};
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "secrets/decryption-missing",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a Kustomization applies files that SOPS encrypted, but has no `decryption`",
    is_pedantic: false,
    page: include_str!("../../../rules/secrets/decryption-missing.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    for undecrypted in context.credentials().undecrypted() {
        let Some(first) = undecrypted.objects.first() else { continue };
        let reconciler = &undecrypted.reconciler.object;
        let more = match undecrypted.objects.len() - 1 {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let message = format!(
            "{} has no `decryption`, but {}{more} is encrypted with SOPS: Flux refuses it, and nothing of this Kustomization is \
             applied",
            reconciler.id, first.id
        );
        let finding = findings.report(reconciler, "/spec/decryption", message);
        finding.help(match context.graph().flux_instance() {
            Some(_) if undecrypted.reconciler.parent.is_none() => {
                "add `decryption` with a patch in `kustomize.patches` of the FluxInstance"
            }
            _ => "add `decryption: {provider: sops, secretRef: {name: …}}`",
        });
        finding.related(first, "/metadata/name", "this is encrypted");
        finding.explains(context.not_applied(undecrypted.reconciler));
    }
}
