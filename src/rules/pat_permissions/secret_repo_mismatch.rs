//! A GitRepository whose token does not reach its repository.

use crate::credentials::Token;
use crate::finding::{Findings, Severity};
use crate::fleet::Placed;
use crate::rule::{Check, Rule, View};
use crate::source::url;

pub(crate) const RULE: Rule = Rule {
    id: "pat-permissions/secret-repo-mismatch",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a GitRepository uses a Secret whose token does not cover its repository",
    is_pedantic: false,
    page: include_str!("../../../rules/pat-permissions/secret-repo-mismatch.md"),
    check: Check::Cluster(check),
};

fn check(view: View<'_>, findings: &mut Findings) {
    for placed in view.cluster.all_git_repositories() {
        let credential = view.fleet.credential(view.cluster, placed);
        // A token declared without repositories says nothing about what it covers.
        let declared = credential.filter(|(_, token)| !token.repositories.is_empty());
        let Some((secret, token)) = declared else { continue };
        let address = placed.object.str("/spec/url").and_then(url::owner_and_name);
        let Some((owner, name)) = address.filter(|(owner, name)| !token.covers(owner, name)) else { continue };
        report(view, placed, token, &secret.object.id.name, &format!("{owner}/{name}"), findings);
    }
}

fn report(view: View<'_>, placed: &Placed, token: &Token, secret: &str, repository: &str, findings: &mut Findings) {
    let message = format!(
        "the token `{}` in Secret `{secret}` covers {}, not `{repository}`: it can neither push there nor read it while it \
         is private",
        token.name,
        covered(token)
    );
    let finding = findings.report(&placed.object, "/spec/secretRef/name", message);
    finding.help(format!(
        "use a Secret whose token covers `{repository}`, correct the URL, or declare in `tokens:` of fleetlint.yaml what it covers"
    ));
    finding.related(&placed.object, "/spec/url", "the repository");
    finding.related_span(token.place, "what the token covers");
    for push in view.cluster.automations_of(placed) {
        finding.related(&push.object, "/spec/sourceRef/name", "this automation pushes with it");
    }
}

fn covered(token: &Token) -> String {
    let names: Vec<String> = token.repositories.iter().map(|repository| format!("`{repository}`")).collect();
    names.join(", ")
}
