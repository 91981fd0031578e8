//! A Kustomization without a timeout.

use std::time::Duration;

use crate::finding::{Findings, Severity};
use crate::fleet::facets::order::{duration, effective_timeout, shown_duration};
use crate::object::Object;
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "kustomization-graph/no-timeout-long-interval",
    severity: Severity::Info,
    since: "0.1.0",
    summary: "a Kustomization with an interval of more than an hour has no timeout",
    is_pedantic: false,
    page: include_str!("../../../rules/kustomization-graph/no-timeout-long-interval.md"),
    check: Check::Object(KINDS, check),
};

/// The objects that it looks at: group and kind.
const KINDS: &[(&str, &str)] = &[("kustomize.toolkit.fluxcd.io", "Kustomization")];

/// Longer intervals than this one make for a timeout that nobody waits for.
const LONG: Duration = Duration::from_secs(3600);

fn check(_: RuleContext<'_>, kustomization: &Object, findings: &mut Findings) {
    let interval = kustomization.str("/spec/interval").and_then(duration).filter(|interval| *interval > LONG);
    let (Some(_), Some(timeout), None) =
        (interval, effective_timeout(kustomization), kustomization.str("/spec/timeout"))
    else {
        return;
    };
    let id = &kustomization.id;
    let message = format!(
        "Kustomization `{}/{}` has no timeout: it may hang for {}, its interval less 30s",
        id.namespace,
        id.name,
        shown_duration(timeout)
    );
    findings.report(kustomization, "/spec/timeout", message).help("set `timeout`, for example `timeout: 5m`");
}
