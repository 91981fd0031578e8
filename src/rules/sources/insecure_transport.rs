//! A source that is read without TLS.

use crate::finding::{Findings, Severity};
use crate::fleet::query::plain_transport;
use crate::object::Object;
use crate::rule::{Check, Rule, View};

/// The objects that it looks at: group and kind.
const KINDS: &[(&str, &str)] = &[
    ("source.toolkit.fluxcd.io", "GitRepository"),
    ("source.toolkit.fluxcd.io", "HelmRepository"),
    ("source.toolkit.fluxcd.io", "OCIRepository"),
];

pub(crate) const RULE: Rule = Rule {
    id: "sources/insecure-transport",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "a source is read from outside the cluster without TLS",
    is_pedantic: false,
    page: include_str!("../../../rules/sources/insecure-transport.md"),
    check: Check::Object(KINDS, check),
};

fn check(_: View<'_>, object: &Object, findings: &mut Findings) {
    let Some(plain) = plain_transport(object) else { return };
    let (id, host) = (&object.id, &plain.host);
    let help = if plain.pointer == "/spec/url" { "use the `https://` URL of the server" } else { INSTEAD };
    // Flux does not verify TLS then, either, and nowhere else (`getTLSConfig` of its OCIRepositoryReconciler).
    let is_unverified =
        object.is("source.toolkit.fluxcd.io", "OCIRepository") && object.at("/spec/certSecretRef").is_none();
    let how = if is_unverified { "over plain HTTP or TLS that is not verified" } else { "over plain HTTP" };
    findings.report(object, plain.pointer, format!("{id} is read from `{host}` {how}")).help(help);
}

/// What to do about `insecure`.
const INSTEAD: &str = "remove `insecure`, and serve the registry with TLS: `certSecretRef` names a Secret with the `ca.crt` of an authority of your own";
