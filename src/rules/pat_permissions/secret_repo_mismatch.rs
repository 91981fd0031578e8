//! A GitRepository whose token does not reach its repository.

use std::collections::{BTreeMap, BTreeSet};

use crate::credentials::{Permission, Purpose, Token};
use crate::finding::{Fact, Finding, Findings, Place, Severity};
use crate::fleet::Fleet;
use crate::fleet::facets::credentials::TokenUse;
use crate::repository::Repositories;
use crate::rule::{Check, Rule};
use crate::tokens::Tokens;

pub(crate) const RULE: Rule = Rule {
    id: "pat-permissions/secret-repo-mismatch",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a GitRepository or a Provider uses a Secret whose token does not cover its repository",
    is_pedantic: false,
    page: include_str!("../../../rules/pat-permissions/secret-repo-mismatch.md"),
    check: Check::Repository(check),
};

/// An object on a cluster that uses a token which does not cover its repository.
struct Mismatch<'t, 'a> {
    used: &'t TokenUse<'a>,
    token: &'t Token,
    /// `owner/name` of its repository.
    repository: String,
}

fn check(fleet: &Fleet, repositories: &Repositories<'_>, findings: &mut Findings) {
    let tokens = Tokens::of(fleet, repositories);
    let mut assumed: BTreeMap<&str, Vec<Mismatch<'_, '_>>> = BTreeMap::new();
    let mut of_pages: BTreeMap<&str, Vec<Mismatch<'_, '_>>> = BTreeMap::new();
    // An automation pushes to the repository of its source.
    for used in tokens.uses.iter().filter(|used| !matches!(used.purpose, Purpose::Push | Purpose::Receive)) {
        let Some(mismatch) = mismatch_of(&tokens, used) else { continue };
        if mismatch.token.is_assumed() {
            assumed.entry(&mismatch.token.name).or_default().push(mismatch);
        } else if mismatch.token.is_of_runbook {
            of_pages.entry(&mismatch.token.name).or_default().push(mismatch);
        } else {
            report(&tokens, &mismatch, findings);
        }
    }
    assumed.values().for_each(|mismatches| report_assumed(&tokens, mismatches, findings));
    of_pages.values().for_each(|mismatches| report_of_page(&tokens, mismatches, findings));
}

fn mismatch_of<'t, 'a>(tokens: &'t Tokens<'a, '_>, used: &'t TokenUse<'a>) -> Option<Mismatch<'t, 'a>> {
    let token = tokens.behind(used)?;
    let (owner, name) = used.repository()?;
    // A token declared without repositories says nothing about what it covers.
    let is_mismatch = !token.repositories.is_empty() && !token.covers(&owner, &name);
    is_mismatch.then(|| Mismatch { used, token, repository: format!("{owner}/{name}") })
}

fn report(tokens: &Tokens<'_, '_>, mismatch: &Mismatch<'_, '_>, findings: &mut Findings) {
    let Mismatch { used, token, repository } = mismatch;
    let message = format!(
        "the token `{}` in Secret `{}` covers {}, not `{repository}`: {}",
        token.name,
        used.secret.1,
        list(&token.repositories),
        effect(used)
    );
    let finding = findings.report(used.holder.object, used.field, message);
    finding.argument(token.name.as_str()).about(used.object, url_field(used));
    finding.help(format!(
        "use a Secret whose token covers `{repository}`, correct the URL, or declare in `tokens:` of fleetlint.yaml what it covers"
    ));
    finding.related(used.object, url_field(used), "the repository");
    finding.related_span(token.place, "what the token covers");
    concern(tokens, finding, used);
}

/// What a page says is to be corrected there, once for all that use the token.
fn report_of_page(tokens: &Tokens<'_, '_>, mismatches: &[Mismatch<'_, '_>], findings: &mut Findings) {
    let Some(Mismatch { used, token, .. }) = mismatches.first() else { return };
    let Some(place) = token.place else { return };
    let missing = missing(mismatches);
    let message = format!(
        "the token for Secret `{}/{}` covers {}, but the Secret is used for {}: {}",
        used.secret.0,
        used.secret.1,
        list(&token.repositories),
        list(&missing),
        effect(used)
    );
    let finding = findings.report_place(Place::of_span(place), message);
    finding.argument(token.name.as_str());
    finding.arguments.extend(missing.iter().map(|repository| (*repository).to_owned()));
    finding.help(format!("let the token cover {}, too, or name a Secret with a token of its own", list(&missing)));
    for Mismatch { used, .. } in mismatches {
        finding.related(used.holder.object, used.field, "used here");
        concern(tokens, finding, used);
    }
}

/// What an assumed token covers is not a fact: whoever knows it is asked, once for all sources that use the token.
fn report_assumed(tokens: &Tokens<'_, '_>, mismatches: &[Mismatch<'_, '_>], findings: &mut Findings) {
    let Some(first) = mismatches.first() else { return };
    let missing = missing(mismatches);
    let mut token = first.token.clone();
    let message = format!(
        "no token is declared for Secret `{}`: in a fleet of this layout it covers {}, not {}",
        first.used.secret.1,
        list(&token.repositories),
        list(&missing)
    );
    token.repositories.extend(missing.iter().map(|repository| (*repository).into()));
    let is_pushed_to =
        |it: &Mismatch<'_, '_>| it.used.cluster.sources().automations_of(it.used.holder).next().is_some();
    if mismatches.iter().any(is_pushed_to) {
        token.permissions.insert("contents".into(), Permission::Write);
    }
    let finding = findings.report(first.used.holder.object, first.used.field, message);
    finding.arguments.extend(missing.iter().map(|repository| (*repository).to_owned()));
    finding.severity(Severity::Warning).help(format!(
        "declare in `tokens:` of fleetlint.yaml what it covers, for example `{}`, or use another Secret",
        token.declaration()
    ));
    for Mismatch { used, repository, .. } in mismatches {
        finding.related(used.object, url_field(used), format!("`{repository}` is read with it"));
    }
    for Mismatch { used, .. } in mismatches {
        concern(tokens, finding, used);
    }
}

/// The cluster, who else is concerned, and what follows.
fn concern(tokens: &Tokens<'_, '_>, finding: &mut Finding, used: &TokenUse<'_>) {
    let is_same = |other: &&TokenUse<'_>| std::ptr::eq(other.cluster, used.cluster) && other.purpose == Purpose::Push;
    let pushes = tokens.uses.iter().filter(is_same).filter(|it| it.holder.object.id == used.holder.object.id);
    for push in pushes {
        finding.related(push.object, "/spec/sourceRef/name", "this automation pushes with it");
    }
    finding.explains(Fact::OutOfReach(used.cluster.name.clone(), used.holder.object.id.clone()));
    finding.on_cluster(&used.cluster.name);
}

fn effect(used: &TokenUse<'_>) -> &'static str {
    match used.purpose {
        Purpose::Pull => "it can neither push there nor read it while it is private",
        _ => "GitHub answers as if the repository did not exist",
    }
}

fn url_field(used: &TokenUse<'_>) -> &'static str {
    match used.purpose {
        Purpose::Status | Purpose::Dispatch | Purpose::PullRequestComment => "/spec/address",
        _ => "/spec/url",
    }
}

fn missing<'t>(mismatches: &'t [Mismatch<'_, '_>]) -> BTreeSet<&'t str> {
    mismatches.iter().map(|mismatch| mismatch.repository.as_str()).collect()
}

fn list<T: AsRef<str>>(names: impl IntoIterator<Item = T>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{}`", name.as_ref())).collect();
    names.join(", ")
}
