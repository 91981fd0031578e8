//! A token is declared, and nothing uses a Secret that holds it.

use crate::credentials::Token;
use crate::finding::{Fact, Findings, Severity};
use crate::fleet::Fleet;
use crate::near::near;
use crate::repository::Repositories;
use crate::rule::{Check, Rule};
use crate::tokens::Tokens;

pub(crate) const RULE: Rule = Rule {
    id: "pat-permissions/declared-token-unused",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "a token is declared, but no object uses a Secret that holds it",
    is_pedantic: false,
    page: include_str!("../../../rules/pat-permissions/declared-token-unused.md"),
    check: Check::Repository(check),
};

fn check(fleet: &Fleet, repositories: &Repositories<'_>, findings: &mut Findings) {
    let tokens = Tokens::of(fleet, repositories);
    let unused: Vec<&Token> = tokens.unused().collect();
    if unused.is_empty() || fleet.clusters.is_empty() {
        return;
    }
    let gaps: Vec<String> = tokens.clusters_with_gaps().iter().map(|cluster| cluster.name.clone()).collect();
    for token in unused {
        match gaps.is_empty() {
            true => report(&tokens, token, findings),
            false => {
                let reason = format!("cannot tell whether token `{}` is used: not all objects are known", token.name);
                findings.not_judged(reason, token.place.map(crate::finding::Place::of_span), &gaps);
            }
        }
    }
}

fn report(tokens: &Tokens<'_, '_>, token: &Token, findings: &mut Findings) {
    let Some(place) = token.place else { return };
    let secrets: Vec<String> = token.secrets.iter().map(|(ns, name)| format!("`{ns}/{name}`")).collect();
    let message = match secrets.as_slice() {
        [] => format!("token `{}` is in no Secret: nothing can use it, and it stays valid", token.name),
        _ => format!(
            "no object uses token `{}`, which is in {}: it stays valid, and nobody misses it",
            token.name,
            secrets.join(", ")
        ),
    };
    let finding = findings.report_place(crate::finding::Place::of_span(place), message);
    finding.argument(token.name.as_str());
    finding.help(match meant(tokens, token) {
        Some(secret) => format!("did you mean Secret `{secret}`? else revoke the token and remove it here"),
        None => "revoke the token and remove it here, or correct `secrets`".to_owned(),
    });
    // Whoever should use it uses another one: that is the defect then.
    for used in &tokens.uses {
        let is_meant = used.repository().is_some_and(|(owner, name)| token.covers(&owner, &name));
        let reaches = |token: &Token| used.repository().is_some_and(|(owner, name)| token.covers(&owner, &name));
        if is_meant && !tokens.behind(used).is_some_and(reaches) {
            // A run about another cluster does not see why.
            finding.on_cluster(&used.cluster.name);
        }
        if is_meant {
            let (cluster, source) = (&used.cluster.name, &used.holder.object.id);
            finding.because(Fact::OutOfReach(cluster.clone(), source.clone()));
            finding.because(Fact::WrongToken(cluster.clone(), source.clone()));
        }
    }
}

/// The Secret that one of the token may be called after a typo.
fn meant(tokens: &Tokens<'_, '_>, token: &Token) -> Option<String> {
    let used = tokens.uses.iter().filter(|used| tokens.behind(used).is_none());
    let used: Vec<String> = used.map(|used| format!("{}/{}", used.secret.0, used.secret.1)).collect();
    let names: Vec<&str> = used.iter().map(String::as_str).collect();
    token.secrets.iter().find_map(|(ns, name)| near(&format!("{ns}/{name}"), &names).first().map(ToString::to_string))
}
