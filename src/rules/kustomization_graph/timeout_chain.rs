//! A timeout that is shorter than what it waits for.

use crate::finding::{Findings, Severity};
use crate::fleet::facets::order::shown_duration;
use crate::rule::{Check, Rule, RuleContext, shown};

pub(crate) const RULE: Rule = Rule {
    id: "kustomization-graph/timeout-chain",
    severity: Severity::Info,
    since: "0.1.0",
    summary: "a Kustomization with `wait` has less time than the chain of Kustomizations that it applies may take",
    is_pedantic: false,
    page: include_str!("../../../rules/kustomization-graph/timeout-chain.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    for short in context.order().short_timeouts() {
        let message = format!(
            "{} waits for at most {}, but the {} Kustomizations that depend on each other below it may take {}",
            shown(&short.waiting.object.id),
            shown_duration(short.timeout),
            short.chain.len(),
            shown_duration(short.needed())
        );
        let finding = findings.report(&short.waiting.object, "/spec/timeout", message);
        finding.help(format!("set `timeout: {}` or more, or shorten theirs", shown_duration(short.needed())));
        for (reconciler, timeout) in &short.chain {
            let label = format!("{} may take {}", shown(&reconciler.object.id), shown_duration(*timeout));
            finding.related(&reconciler.object, "/spec/timeout", label);
        }
    }
}
