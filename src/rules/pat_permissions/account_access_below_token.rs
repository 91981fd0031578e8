//! The account behind a token may do less than the token is there for.

use crate::credentials::{Access, Permission, Token, shown_permission};
use crate::finding::{Findings, Place, Severity};
use crate::fleet::Fleet;
use crate::repository::Repositories;
use crate::rule::{Check, Rule};
use crate::tokens::Tokens;

pub(crate) const RULE: Rule = Rule {
    id: "pat-permissions/account-access-below-token",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "the account that owns a token has less access than the token needs",
    is_pedantic: false,
    page: include_str!("../../../rules/pat-permissions/account-access-below-token.md"),
    check: Check::Repository(check),
};

/// Permissions that take effect only for accounts with push access.
const FOR_WRITERS: [&str; 3] = ["contents", "statuses", "workflows"];

fn check(fleet: &Fleet, repositories: &Repositories<'_>, findings: &mut Findings) {
    let tokens = Tokens::of(fleet, repositories);
    for token in &fleet.profile.tokens {
        let Some((access, Some(place))) = token.account else { continue };
        let Some(why) = why_too_low(&tokens, token, access) else { continue };
        let message = format!(
            "the account of token `{}` has `{}` access, but {why}: a token never goes beyond its owner",
            token.name,
            access.as_str()
        );
        let finding = findings.report_place(Place::of_span(place), message);
        finding.argument(token.name.as_str()).argument(access.as_str());
        finding.help("give the account (or its team) `write` access to the repositories of the token");
        for used in tokens.uses_of(token).filter(|used| used.purpose.need().account > access) {
            finding.related(used.object, used.pointer(), "needed here").on_cluster(&used.cluster.name);
        }
    }
}

fn why_too_low(tokens: &Tokens<'_, '_>, token: &Token, access: Access) -> Option<String> {
    let mut uses = tokens.uses_of(token).filter(|used| used.is_github);
    if let Some(used) = uses.find(|used| used.purpose.need().account > access) {
        let id = &used.object.id;
        return Some(format!("{} `{}/{}` {} with it", id.kind, id.namespace, id.name, used.purpose.as_str()));
    }
    let granted = FOR_WRITERS.iter().find(|name| access < Access::Write && token.allows(name, Permission::Write))?;
    Some(format!("{} needs `write` access", shown_permission(granted, Permission::Write)))
}
