//! A Provider reads a Secret that has no key `token`.

use crate::credentials::Purpose;
use crate::finding::{Findings, Severity};
use crate::fleet::Fleet;
use crate::fleet::facets::credentials::TokenUse;
use crate::repository::{CreatedObject, ObjectKind, Repositories};
use crate::rule::{Check, Rule};
use crate::tokens::Tokens;
use crate::yaml::Span;

pub(crate) const RULE: Rule = Rule {
    id: "pat-permissions/provider-secret-key",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "a Provider of a forge uses a Secret without the key `token`",
    is_pedantic: false,
    page: include_str!("../../../rules/pat-permissions/provider-secret-key.md"),
    check: Check::Repository(check),
};

/// The keys of which one has to be there.
const KEYS: [&str; 2] = ["token", "githubAppID"];

fn check(fleet: &Fleet, repositories: &Repositories<'_>, findings: &mut Findings) {
    let tokens = Tokens::of(fleet, repositories);
    for used in tokens.uses.iter().filter(|used| is_of_github_provider(used)) {
        let secret = tokens.secret_of(used);
        let Some((keys, place)) = keys(&tokens, used, &secret) else { continue };
        // What a policy adds is not known here.
        if keys.iter().any(|key| KEYS.contains(&key.as_str()))
            || fleet.credentials(used.cluster).policies_about_secrets().next().is_some()
        {
            continue;
        }
        let id = &used.object.id;
        let shown: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
        let message = format!(
            "Provider `{}/{}` needs the key `token`, but Secret `{}/{}` has {} only: it reports nothing",
            id.namespace,
            id.name,
            secret.0,
            secret.1,
            if shown.is_empty() { "no key".to_owned() } else { shown.join(", ") }
        );
        let finding = findings.report(used.object, used.field, message);
        finding.help("name a Secret with the key `token`: one for Git has `password`, which Providers do not read");
        finding.related_span(place, "the Secret").on_cluster(&used.cluster.name);
    }
}

fn is_of_github_provider(used: &TokenUse<'_>) -> bool {
    let is_of_provider = used.object.id.kind == "Provider";
    let is_asked = matches!(used.purpose, Purpose::Status | Purpose::Dispatch | Purpose::PullRequestComment);
    is_of_provider && is_asked && used.is_github
}

/// The keys of a Secret, if all of them are known, and what says so: a manifest, or the commands that create it.
fn keys(
    tokens: &Tokens<'_, '_>,
    used: &TokenUse<'_>,
    secret: &(smol_str::SmolStr, smol_str::SmolStr),
) -> Option<(Vec<String>, Option<Span>)> {
    if let Some(keys) = tokens.fleet.credentials(used.cluster).secret_keys(secret) {
        let place = used.cluster.find("", "Secret", &secret.0, &secret.1).and_then(|it| it.object.place());
        return Some((keys.into_iter().map(str::to_owned).collect(), place));
    }
    // An object that makes it decides about its keys.
    if tokens.fleet.credentials(used.cluster).makes_secret(secret) {
        return None;
    }
    let created = tokens.repositories.created(ObjectKind::Secret, &secret.0, &secret.1);
    let is_known = |object: &CreatedObject| !object.has_more_keys && !object.keys.is_empty();
    let all_known = !created.is_empty() && created.iter().all(|it| it.is_certain && is_known(it.object));
    let first = created.first().filter(|_| all_known)?;
    let keys = created.iter().flat_map(|it| it.object.keys.iter().map(|key| key.name.to_string()));
    Some((keys.collect(), Some(first.object.name.place)))
}
