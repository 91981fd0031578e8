//! A Secret is in a repository in plain text.

use super::shown_keys;
use crate::finding::{Findings, Severity};
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "secrets/plaintext-secret",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "the manifest of a Secret holds credentials in plain text",
    is_pedantic: false,
    page: include_str!("../../../rules/secrets/plaintext-secret.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    for plain in context.credentials().plain_secrets().filter(|it| !it.is_generated) {
        let Some((field, _)) = plain.fields.first() else { continue };
        let message = format!(
            "{} is in Git in plain text ({}), for everybody who can read the repository or its history",
            plain.object.id,
            shown_keys(&plain)
        );
        let finding = findings.report(plain.object, field, message);
        finding.help("replace the credential, and encrypt the file with SOPS, or let an ExternalSecret or a SealedSecret create it");
    }
}
