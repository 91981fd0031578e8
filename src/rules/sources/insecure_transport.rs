//! A source that is read without TLS.

use crate::config::{OptionDefault, RuleOption};
use crate::finding::{Findings, Severity};
use crate::fleet::facets::sources::plain_transport;
use crate::object::Object;
use crate::rule::{Check, Rule, RuleContext};

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

/// Hosts of a network that is trusted as a whole.
pub(crate) const ALLOWED_HOSTS: RuleOption = RuleOption {
    name: "allowedHosts",
    summary: "Hosts that may be read without TLS, because all of the way to them is trusted; `*.example.com` are all below it.",
    default: OptionDefault::Texts(&[]),
};

fn check(context: RuleContext<'_>, object: &Object, findings: &mut Findings) {
    let Some(plain) = plain_transport(object) else { return };
    let (id, host) = (&object.id, &plain.host);
    // `service.namespace` is an address of the cluster.
    let is_namespace = |name: &str| context.cluster.namespace(name).is_some();
    if host.rsplit_once('.').is_some_and(|(_, last)| is_namespace(last)) {
        return;
    }
    if context.fleet.options.texts(RULE.id, &ALLOWED_HOSTS).iter().any(|allowed| is_host(allowed, host)) {
        return;
    }
    let (how, help) = match plain.pointer {
        "/spec/url" => ("is read", "use the `https://` URL of the server"),
        _ => ("may be read", INSTEAD),
    };
    findings
        .report(object, plain.pointer, format!("{id} {how} from `{host}` over plain HTTP"))
        .help(help)
        .about(object, "/spec/url");
}

/// What to do about `insecure`.
const INSTEAD: &str = "remove `insecure`, and serve the registry with TLS: `certSecretRef` names a Secret with the `ca.crt` of an authority of your own";

/// Whether a host is the one that is allowed, or is below `*.example.com`.
fn is_host(allowed: &str, host: &str) -> bool {
    match allowed.strip_prefix('*') {
        Some(ending) if ending.starts_with('.') => {
            host.to_ascii_lowercase().strip_suffix(&ending.to_ascii_lowercase()).is_some_and(|rest| !rest.is_empty())
        }
        _ => host.eq_ignore_ascii_case(allowed),
    }
}
