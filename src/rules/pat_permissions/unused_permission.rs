//! A token is allowed more than anything needs.

use crate::credentials::{Permission, Token, permission_label, shown_permission};
use crate::finding::{Fact, Findings, Place, Severity};
use crate::fleet::Fleet;
use crate::repository::Repositories;
use crate::rule::{Check, Rule};
use crate::tokens::Tokens;

pub(crate) const RULE: Rule = Rule {
    id: "pat-permissions/unused-permission",
    severity: Severity::Info,
    since: "0.1.0",
    summary: "a token is allowed what no object needs",
    is_pedantic: true,
    page: include_str!("../../../rules/pat-permissions/unused-permission.md"),
    check: Check::Repository(check),
};

fn check(fleet: &Fleet, repositories: &Repositories<'_>, findings: &mut Findings) {
    let tokens = Tokens::of(fleet, repositories);
    // What is not known may need it.
    if !tokens.clusters_with_gaps().is_empty() {
        return;
    }
    for token in tokens.declared() {
        let mut uses = tokens.uses_of(token).peekable();
        if uses.peek().is_some() && uses.all(|used| used.asks_permissions()) {
            report(&tokens, token, findings);
        }
    }
}

fn report(tokens: &Tokens<'_, '_>, token: &Token, findings: &mut Findings) {
    let needed = tokens.needed(token);
    // Every other permission brings Metadata.
    for (name, granted) in token.permissions.iter().filter(|(name, _)| *name != "metadata") {
        let enough = needed.iter().find(|(needed, _)| needed == name).map(|(_, level)| *level);
        let Some(place) = token.place_of(name).filter(|_| enough < Some(*granted)) else { continue };
        let allowed = shown_permission(name, *granted);
        let message = match enough {
            Some(_) => format!("token `{}` is allowed {allowed}, where read is enough", token.name),
            None => format!("token `{}` is allowed {allowed}, which nothing needs", token.name),
        };
        let finding = findings.report_place(Place::of_span(place), message);
        // That read-only clusters hold it is worse, and goes away with it.
        finding.because(Fact::WrongValue(place));
        finding.argument(token.name.as_str()).argument(allowed).help(match enough {
            Some(_) => format!("give it {} only", shown_permission(name, Permission::Read)),
            None => format!("take {} from the token", permission_label(name)),
        });
    }
}
