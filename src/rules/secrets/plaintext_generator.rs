//! A generator makes a Secret of plain text, or puts a credential into a ConfigMap.

use super::shown_keys;
use crate::finding::{Findings, Severity};
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "secrets/plaintext-generator",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a generator of a kustomization file takes credentials from plain text",
    is_pedantic: false,
    page: include_str!("../../../rules/secrets/plaintext-generator.md"),
    check: Check::Cluster(check),
};

/// How many letters the hash has.
const HASH: usize = 10;

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    let plain = context.credentials().plain_secrets().chain(context.credentials().plain_config_maps());
    for plain in plain.filter(|it| it.is_generated) {
        let Some((field, _)) = plain.fields.first() else { continue };
        let generator = if plain.object.id.kind == "Secret" { "secretGenerator" } else { "configMapGenerator" };
        let message = format!(
            "`{generator}` makes {} `{}` of what is in Git in plain text ({})",
            plain.object.id.kind,
            without_hash(&plain.object.id.name),
            shown_keys(&plain)
        );
        let finding = findings.report(plain.object, field, message);
        finding
            .help("replace the credential, and encrypt the file with SOPS, or let an ExternalSecret create the Secret");
    }
}

/// The name without the hash that kustomize adds: it is one of the values.
fn without_hash(name: &str) -> &str {
    let hashed =
        name.rsplit_once('-').filter(|(_, hash)| hash.len() == HASH && hash.chars().all(char::is_alphanumeric));
    hashed.map_or(name, |(name, _)| name)
}
