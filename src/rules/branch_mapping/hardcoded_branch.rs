//! A GitRepository that pins a branch where the fleet takes it from a variable.

use crate::finding::{Findings, Severity};
use crate::fleet::{ClusterObject, Outcome, Reconciler};
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "branch-mapping/hardcoded-branch",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a GitRepository pins a branch where the fleet takes the branch from a variable",
    is_pedantic: false,
    page: include_str!("../../../rules/branch-mapping/hardcoded-branch.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    for placed in context.sources().git_repositories() {
        let branch = placed.object.at("/spec/ref/branch").filter(|branch| branch.origin.variable().is_none());
        // What a root applies is written for its cluster, and no variable reaches it.
        let Some(branch) = branch.filter(|_| !context.graph().is_applied_by_root(placed)) else { continue };
        let sibling = context.fleet.variable_branch_of(context.cluster, placed);
        if sibling.is_none() && !context.fleet.maps_branches_of(context.cluster, placed) {
            continue;
        }
        // Where the substitution fails, it is not known what the branch would be.
        let name = branch.text_if_set().unwrap_or_default();
        let is_failed = context.cluster.applied_by(placed).is_some_and(|it| it.outcome == Outcome::Failed);
        if name.contains("${") && is_failed {
            continue;
        }
        if let Some(parent) = context.variables().unsubstituted_by(placed, "/spec/ref/branch") {
            report_unsubstituted(context, parent, placed, findings);
            continue;
        }
        report(placed, sibling, name, findings);
    }
}

fn report(placed: ClusterObject<'_>, sibling: Option<ClusterObject<'_>>, branch: &str, findings: &mut Findings) {
    let message = match branch {
        "" => "no branch is set here: Flux reads `master`, whatever the cluster's environment".to_owned(),
        _ => format!(
            "branch `{branch}` is written here, so this repository does not follow the branch of the cluster's environment"
        ),
    };
    let finding = findings.report(placed.object, "/spec/ref/branch", message);
    finding.help(match branch.contains('$') {
        true => "write `${GIT_BRANCH}` without escaping: `$${…}` is not substituted",
        false => "use `${GIT_BRANCH}`, which each cluster's runtime-info sets",
    });
    if let Some(sibling) = sibling {
        finding.related(sibling.object, "/spec/url", "the same repository, read at the branch of the environment");
    }
}

/// Once for all that a Kustomization leaves unsubstituted: paths, too.
fn report_unsubstituted(
    context: RuleContext<'_>,
    parent: &Reconciler,
    placed: ClusterObject<'_>,
    findings: &mut Findings,
) {
    let (namespace, name) = parent.name();
    let message = format!(
        "Kustomization `{namespace}/{name}` substitutes no variables: the `${{…}}` below it is taken as the name of a branch"
    );
    findings
        .report(&parent.object, "/spec/postBuild", message)
        .help("add `postBuild.substituteFrom` with the ConfigMap that holds the variables")
        .related(placed.object, "/spec/ref/branch", "this branch stays as it is")
        .because(context.not_substituted(parent));
}
