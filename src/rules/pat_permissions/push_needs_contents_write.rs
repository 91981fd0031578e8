//! An ImageUpdateAutomation that pushes with a token that may only read.

use crate::credentials::Permission;
use crate::finding::{Findings, Severity};
use crate::rule::{Check, Rule, View};
use crate::source::url;

pub(crate) const RULE: Rule = Rule {
    id: "pat-permissions/push-needs-contents-write",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "an ImageUpdateAutomation pushes with a token that may not write contents",
    is_pedantic: false,
    page: include_str!("../../../rules/pat-permissions/push-needs-contents-write.md"),
    check: Check::Cluster(check),
};

fn check(view: View<'_>, findings: &mut Findings) {
    for (automation, repository) in view.cluster.automations() {
        let Some((secret, token)) = view.fleet.credential(view.cluster, repository) else { continue };
        let address = repository.object.str("/spec/url").and_then(url::owner_and_name);
        // A token that does not reach the repository at all is the defect that secret-repo-mismatch tells.
        let is_covered = address.is_some_and(|(owner, name)| token.covers(&owner, &name));
        if !is_covered || token.permissions.is_empty() || token.allows("contents", Permission::Write) {
            continue;
        }
        let message = format!(
            "an automation pushes with Secret `{}`, whose token `{}` may not write contents: every push is refused",
            secret.object.id.name, token.name
        );
        findings
            .report(&repository.object, "/spec/secretRef/name", message)
            .help("name a Secret whose token has Contents: write, or give this token Contents: write")
            .related(&automation.object, "/spec/sourceRef/name", "this automation pushes with it")
            .related_span(token.place, "what the token may do");
    }
}
