//! What rules say about a token that may not do what it is used for.

use std::collections::BTreeMap;

use crate::credentials::{Purpose, Token, shown_permission};
use crate::finding::{Fact, Finding, Findings, Place, Severity};
use crate::fleet::facets::credentials::TokenUse;
use crate::tokens::Tokens;

/// A use, and the token behind it.
type Lack<'t, 'a> = (&'t TokenUse<'a>, &'t Token);

/// Reports the uses for a purpose whose token lacks what it needs; `effect` says what comes of it.
pub fn report_lacking(tokens: &Tokens<'_, '_>, purpose: Purpose, effect: &str, findings: &mut Findings) {
    let mut assumed: BTreeMap<&str, Vec<Lack<'_, '_>>> = BTreeMap::new();
    let mut of_pages: BTreeMap<&str, Vec<Lack<'_, '_>>> = BTreeMap::new();
    for (used, token) in tokens.lacking(purpose) {
        if token.is_assumed() {
            assumed.entry(&token.name).or_default().push((used, token));
        } else if token.is_of_runbook {
            of_pages.entry(&token.name).or_default().push((used, token));
        } else {
            report_declared(used, token, effect, findings);
        }
    }
    assumed.values().for_each(|lacks| report_assumed(lacks, findings));
    of_pages.values().for_each(|lacks| report_of_page(lacks, effect, findings));
}

/// What the configuration says is a fact: each Secret that is named wrongly is a place to edit.
fn report_declared(used: &TokenUse<'_>, token: &Token, effect: &str, findings: &mut Findings) {
    let lacked = lacked(used.purpose);
    let message = format!(
        "{} with Secret `{}`, whose token `{}` lacks {lacked}: {effect}",
        user(used),
        used.secret.1,
        token.name
    );
    let finding = findings.report(used.holder.object, used.field, message);
    finding.argument(token.name.as_str());
    finding.help(format!("name a Secret whose token has {lacked}, or give this token {lacked}"));
    concern(finding, used).related_span(token.place, "the token's declared permissions");
}

/// What a page says is to be corrected there, once for all that use the token.
fn report_of_page(lacks: &[Lack<'_, '_>], effect: &str, findings: &mut Findings) {
    let Some((first, token)) = lacks.first() else { return };
    let Some(place) = place_of_lack(first.purpose, token) else { return };
    let lacked = lacked(first.purpose);
    let message = format!(
        "the token for Secret `{}/{}` lacks {lacked}, but {} with it: {effect}",
        first.secret.0,
        first.secret.1,
        user(first)
    );
    let finding = findings.report_place(Place::of_span(place), message);
    finding.argument(token.name.as_str()).argument(first.purpose.as_str());
    finding.help(format!("ask for {lacked} here, and give it to the token; or name another Secret"));
    for (used, _) in lacks {
        finding.related(used.holder.object, used.field, "used here");
        concern(finding, used);
    }
}

/// What an assumed token may do is not a fact: whoever knows it is asked, once for all that use the token.
fn report_assumed(lacks: &[Lack<'_, '_>], findings: &mut Findings) {
    let Some((first, token)) = lacks.first() else { return };
    let lacked = lacked(first.purpose);
    let message = format!(
        "no token is declared for Secret `{}`, with which {}: in a fleet of this layout it lacks {lacked}",
        first.secret.1,
        user(first)
    );
    let mut meant = (*token).clone();
    meant.permissions.extend(first.purpose.need().usual().map(|(name, level)| (name.into(), level)));
    let finding = findings.report(first.holder.object, first.field, message);
    finding.argument(token.name.as_str()).severity(Severity::Warning).help(format!(
        "declare its permissions in `tokens:` of fleetlint.yaml, for example `{}`, or name a Secret whose token has {lacked}",
        meant.declaration()
    ));
    lacks.iter().for_each(|(used, _)| _ = concern(finding, used));
}

/// The clusters and causes of a use.
fn concern<'f>(finding: &'f mut Finding, used: &TokenUse<'_>) -> &'f mut Finding {
    let (cluster, source) = (&used.cluster.name, &used.holder.object.id);
    if used.purpose == Purpose::Push {
        finding.related(used.object, "/spec/sourceRef/name", "this automation pushes with it");
    }
    finding.because(Fact::OutOfReach(cluster.clone(), source.clone()));
    finding.explains(Fact::WrongToken(cluster.clone(), source.clone()));
    finding.on_cluster(cluster)
}

/// Where a page says too little about the permission.
fn place_of_lack(purpose: Purpose, token: &Token) -> Option<crate::yaml::Span> {
    let said = purpose.need().any_of.iter().find_map(|(name, _)| token.permission_places.get(*name).copied());
    said.or(token.place)
}

/// Who uses a token, as the beginning of a sentence.
fn user(used: &TokenUse<'_>) -> String {
    match used.purpose {
        Purpose::Push => "an automation pushes".to_owned(),
        purpose => {
            let id = &used.object.id;
            format!("{} `{}/{}` {}", id.kind, id.namespace, id.name, purpose.as_str())
        }
    }
}

/// The permissions that would do.
fn lacked(purpose: Purpose) -> String {
    let shown = purpose.need().any_of.iter().map(|(name, level)| shown_permission(name, *level));
    shown.collect::<Vec<_>>().join(" or ")
}
