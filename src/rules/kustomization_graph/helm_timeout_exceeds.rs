//! A HelmRelease that may take longer than who waits for it.

use crate::finding::{Findings, Severity};
use crate::fleet::ReconcilerKind;
use crate::fleet::facets::order::{effective_timeout, shown_duration};
use crate::object::Object;
use crate::rule::{Check, Rule, RuleContext, shown};

pub(crate) const RULE: Rule = Rule {
    id: "kustomization-graph/helm-timeout-exceeds",
    severity: Severity::Info,
    since: "0.1.0",
    summary: "a HelmRelease may take longer than the Kustomization that waits for it",
    is_pedantic: false,
    page: include_str!("../../../rules/kustomization-graph/helm-timeout-exceeds.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    for (release, placed) in context.graph().reconcilers_of(ReconcilerKind::HelmRelease) {
        let Some(parent) = context.cluster.applied_by(placed) else { continue };
        let is_waited_for =
            parent.kind == ReconcilerKind::Kustomization && parent.object.str("/spec/wait") == Some("true");
        let times = (effective_timeout(&release.object), effective_timeout(&parent.object), tries(&release.object));
        let (Some(once), Some(limit), Some(tries)) = times else { continue };
        let all = once.saturating_mul(tries);
        if !is_waited_for || all <= limit {
            continue;
        }
        let message = format!(
            "{} may take {} ({tries} tries of {}), but {} waits for at most {}",
            shown(&release.object.id),
            shown_duration(all),
            shown_duration(once),
            shown(&parent.object.id),
            shown_duration(limit)
        );
        let finding = findings.report(&release.object, "/spec/timeout", message);
        finding.help("shorten the timeout of the release, lower its retries, or give the Kustomization more time");
        finding.about(&parent.object, "/spec/timeout").related(&parent.object, "/spec/timeout", "who waits for it");
    }
}

/// How often an action is tried; `None` where a strategy decides, or without an end.
fn tries(release: &Object) -> Option<u32> {
    let strategies = ["/spec/install/strategy", "/spec/upgrade/strategy"];
    if strategies.iter().any(|strategy| release.at(strategy).is_some()) {
        return None;
    }
    let retries = ["/spec/install/remediation/retries", "/spec/upgrade/remediation/retries"];
    let retries = retries.iter().map(|field| release.str(field).map_or(Some(0), |text| text.parse::<u32>().ok()));
    retries.collect::<Option<Vec<u32>>>()?.into_iter().max()?.checked_add(1)
}
