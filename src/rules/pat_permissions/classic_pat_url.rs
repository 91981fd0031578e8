//! A source's URL with a credential in it.

use crate::finding::{Findings, Severity};
use crate::fleet::facets::credentials::url_credential;
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "pat-permissions/classic-pat-url",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "the URL of a source contains a credential, visible to anyone who can read the repository",
    is_pedantic: false,
    page: include_str!("../../../rules/pat-permissions/classic-pat-url.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    for placed in context.sources().all() {
        let Some(credential) = url_credential(placed.object) else { continue };
        let id = &placed.object.id;
        let what = if credential.is_placeholder { "a placeholder for a credential" } else { "a credential" };
        let message = format!("the URL of {id} contains {what}");
        let finding = findings.report(placed.object, credential.pointer, message);
        finding.argument(what).help("revoke it, keep it in a Secret, and name the Secret in `secretRef` (`pullSecret` of a FluxInstance's `sync`)");
        if credential.is_placeholder {
            finding
                .severity(Severity::Info)
                .help("leave it out of the URL: `secretRef` names a Secret with the credential");
        }
    }
}
