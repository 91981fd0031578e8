//! A tenant can read a token that can push.

use crate::credentials::{Permission, Token};
use crate::finding::{Findings, Place, Severity};
use crate::fleet::Fleet;
use crate::fleet::facets::credentials::ReadableSecret;
use crate::repository::Repositories;
use crate::rule::{Check, Rule};
use crate::tokens::Tokens;

pub(crate) const RULE: Rule = Rule {
    id: "pat-permissions/tenant-readable-push-token",
    severity: Severity::Info,
    since: "0.1.0",
    summary: "a tenant can read a token that can push, and so change what it runs without any review",
    is_pedantic: true,
    page: include_str!("../../../rules/pat-permissions/tenant-readable-push-token.md"),
    check: Check::Repository(check),
};

fn check(fleet: &Fleet, repositories: &Repositories<'_>, findings: &mut Findings) {
    let tokens = Tokens::of(fleet, repositories);
    for token in tokens.declared().into_iter().filter(|token| token.allows("contents", Permission::Write)) {
        let readable: Vec<ReadableSecret<'_>> =
            token.secrets.iter().flat_map(|secret| fleet.tenants_reading(secret)).collect();
        report(token, &readable, findings);
    }
}

fn report(token: &Token, readable: &[ReadableSecret<'_>], findings: &mut Findings) {
    let (Some(first), Some(place)) = (readable.first(), token.place_of("contents")) else { return };
    let reached = match token.repositories.as_slice() {
        [] => "its repositories".to_owned(),
        known => known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
    };
    let message = format!(
        "token `{}` can push to {reached}, and tenant `{}` can read it: Secret `{}` is in its namespace `{}`, where a service \
         account is bound to `{}`",
        token.name, first.tenant, first.secret.object.id.name, first.secret.object.id.namespace, first.role
    );
    let finding = findings.report_place(Place::of_span(place), message);
    finding.argument(token.name.as_str());
    finding
        .help("give tenants a token with Contents: read, and keep the one that pushes in a namespace of the platform");
    for it in readable {
        finding.on_cluster(&it.cluster.name).related(
            it.binding.object,
            "/roleRef/name",
            "this binding lets them read Secrets",
        );
    }
    if let Some(policy) = first.policy {
        finding.related(policy.object, "/metadata/name", "this copies the Secret");
    }
}
