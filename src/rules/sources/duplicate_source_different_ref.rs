//! Two sources that read one repository at different branches.

use std::collections::BTreeMap;

use crate::finding::{Findings, Severity};
use crate::object::Object;
use crate::rule::{Check, Rule, RuleContext};
use crate::source::url;

pub(crate) const RULE: Rule = Rule {
    id: "sources/duplicate-source-different-ref",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "two sources of a namespace read the same repository at different branches",
    is_pedantic: false,
    page: include_str!("../../../rules/sources/duplicate-source-different-ref.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    let mut known: BTreeMap<(&str, String), Vec<&Object>> = BTreeMap::new();
    for placed in context.sources().git_repositories() {
        let source = placed.object;
        // What is pushed to is another matter than what is read.
        if context.sources().automations_of(placed).next().is_some() {
            continue;
        }
        let Some(url) = source.str("/spec/url").filter(|_| branch(source).is_some()) else { continue };
        known.entry((source.id.namespace.as_str(), url::key(url))).or_default().push(source);
    }
    for sources in known.values() {
        let [first, others @ ..] = sources.as_slice() else { continue };
        for other in others.iter().filter(|other| branch(other) != branch(first)) {
            let (one, two) = (branch(first).unwrap_or_default(), branch(other).unwrap_or_default());
            let message = format!(
                "{} reads `{two}` of a repository that `{}` reads at `{one}`: whoever takes one for the other deploys another branch",
                other.id, first.id.name
            );
            let finding = findings.report(other, "/spec/ref/branch", message);
            finding.about(first, "/spec/ref/branch").related(first, "/spec/ref/branch", "the other branch");
            finding.help("read one branch, or say in the names of the two which branch each reads");
        }
    }
}

/// The branch that a source reads, unless its name says so already.
fn branch(source: &Object) -> Option<&str> {
    let branch = source.str("/spec/ref/branch").filter(|branch| !branch.is_empty() && !branch.contains('$'))?;
    let last = branch.rsplit('/').next().unwrap_or(branch);
    (!source.id.name.contains(last)).then_some(branch)
}
