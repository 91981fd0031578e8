//! A credential is written into values, variables or a ConfigMap.

use super::shown_keys;
use crate::finding::{Findings, Severity};
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "secrets/plaintext-credential-in-values",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Helm values, variables or a ConfigMap hold a credential in plain text",
    is_pedantic: false,
    page: include_str!("../../../rules/secrets/plaintext-credential-in-values.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    let plain = context.credentials().plain_values().chain(context.credentials().plain_config_maps());
    for plain in plain.filter(|it| it.object.id.kind != "ConfigMap" || !it.is_generated) {
        let Some((field, _)) = plain.fields.first() else { continue };
        let (where_it_is, instead) = match plain.object.id.kind.as_str() {
            "HelmRelease" => ("values", "take it from a Secret with `valuesFrom`"),
            "Kustomization" => ("variables", "take it from a Secret with `substituteFrom`"),
            _ => ("data", "put it into a Secret that SOPS or an ExternalSecret protects"),
        };
        let message = format!(
            "the {where_it_is} of {} hold a credential in plain text ({})",
            plain.object.id,
            shown_keys(&plain)
        );
        findings.report(plain.object, field, message).help(format!("replace the credential, and {instead}"));
    }
}
