//! A cloud registry without a way to log in.

use crate::finding::{Findings, Severity};
use crate::fleet::facets::sources::cloud_provider;
use crate::object::Object;
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "sources/cloud-registry-without-provider",
    severity: Severity::Info,
    since: "0.1.0",
    summary: "a source in the registry of a cloud has neither a provider nor a Secret to log in with",
    is_pedantic: false,
    page: include_str!("../../../rules/sources/cloud-registry-without-provider.md"),
    check: Check::Object(KINDS, check),
};

/// The objects that it looks at: group and kind.
const KINDS: &[(&str, &str)] = &[
    ("source.toolkit.fluxcd.io", "OCIRepository"),
    ("source.toolkit.fluxcd.io", "HelmRepository"),
    ("image.toolkit.fluxcd.io", "ImageRepository"),
];

fn check(_: RuleContext<'_>, source: &Object, findings: &mut Findings) {
    let pointer = if source.id.kind == "ImageRepository" { "/spec/image" } else { "/spec/url" };
    let Some(provider) = source.str(pointer).and_then(cloud_provider) else { return };
    let is_set = |field| source.str(field).is_some_and(|value| !value.is_empty() && value != "generic");
    if is_set("/spec/provider") || is_set("/spec/secretRef/name") || is_set("/spec/serviceAccountName") {
        return;
    }
    let message = format!(
        "{} reads a registry of {provider}, and has neither a `provider` nor a `secretRef`: it reads without logging in",
        source.id
    );
    findings.report(source, "/spec/provider", message).help(format!("set `provider: {provider}`, or `secretRef`"));
}
