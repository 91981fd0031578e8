//! One token is stored for the platform and for a tenant.

use smol_str::SmolStr;

use crate::finding::{Findings, Place, Severity};
use crate::fleet::{Fleet, Owner};
use crate::repository::{CreatedObject, Repositories, Unread};
use crate::rule::{Check, Rule};
use crate::tokens::{Stored, Tokens, object_of, tenant_of};

pub(crate) const RULE: Rule = Rule {
    id: "pat-permissions/shared-token-across-tenants",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a runbook stores one token in a Secret of the platform and in one that tenants can read",
    is_pedantic: false,
    page: include_str!("../../../rules/pat-permissions/shared-token-across-tenants.md"),
    check: Check::Repository(check),
};

fn check(fleet: &Fleet, repositories: &Repositories<'_>, findings: &mut Findings) {
    let tokens = Tokens::of(fleet, repositories);
    // Without objects that use Secrets nobody knows whose these are.
    if tokens.uses.is_empty() {
        return;
    }
    for group in tokens.shared() {
        let owned: Vec<(Stored<'_>, Owner)> =
            group.iter().filter_map(|it| Some((*it, owner(&tokens, it.object)?))).collect();
        let Some((platform, _)) = owned.iter().find(|(_, owner)| *owner == Owner::Platform) else { continue };
        for (stored, owner) in &owned {
            if let Owner::Tenant(tenant) = owner {
                report(stored, platform, tenant, findings);
            }
        }
    }
}

fn report(stored: &Stored<'_>, platform: &Stored<'_>, tenant: &SmolStr, findings: &mut Findings) {
    let (own, theirs) = (shown(platform.object), shown(stored.object));
    let shared = match stored.from {
        Unread::Variable(name) => format!("variable `{name}`"),
        _ => "one token".to_owned(),
    };
    let message = format!(
        "{shared} goes into Secret `{own}` of the platform and into `{theirs}`, which tenant `{tenant}` can read: the tenant gets \
         the platform's token"
    );
    let finding = findings.report_place(Place::of_span(stored.place), message);
    finding.argument(theirs).argument(own).argument(shared);
    finding.help("create a token for the tenant that reaches its repositories only, and store that one here");
    finding.related_span(Some(platform.place), "the platform's Secret gets it, too");
}

/// Whose a Secret is that a command creates: a tenant's if a tenant can read it, the platform's if the platform uses it.
fn owner(tokens: &Tokens<'_, '_>, created: &CreatedObject) -> Option<Owner> {
    let object = object_of(created)?;
    if let Some(tenant) = tenant_of(tokens.fleet, &object) {
        return Some(Owner::Tenant(tenant));
    }
    let is_own = |secret: &(SmolStr, SmolStr)| secret.0 == object.id.namespace && secret.1 == object.id.name;
    let mut uses = tokens.uses.iter().filter(|used| is_own(&used.secret));
    uses.any(|used| tokens.fleet.tenancy(used.cluster).owner(used.holder) == Owner::Platform).then_some(Owner::Platform)
}

fn shown(created: &CreatedObject) -> String {
    format!("{}/{}", created.namespace.text, created.name.text)
}
