//! A cluster whose environment and branch contradict the mapping.

use crate::finding::{Fact, Findings, Severity};
use crate::rule::{Check, Rule, RuleContext};
use crate::yaml::Node;

pub(crate) const RULE: Rule = Rule {
    id: "branch-mapping/environment-branch-mismatch",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a cluster's ENVIRONMENT and GIT_BRANCH contradict the mapping of environments to branches",
    is_pedantic: false,
    page: include_str!("../../../rules/branch-mapping/environment-branch-mismatch.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    let value = |key: &str| context.variables().runtime_value(key);
    let (Some(environment), Some(branch)) = (value("ENVIRONMENT"), value("GIT_BRANCH")) else { return };
    let (environment_name, branch_name) = (environment.text().unwrap_or_default(), text(branch));
    let Some(expected) = context.fleet.profile.environments.get(environment_name) else { return };
    if expected == branch_name {
        return;
    }
    let Some(runtime_info) = context.variables().runtime_info() else { return };
    let read = match branch_name {
        "" => "no branch".to_owned(),
        name => format!("branch `{name}`"),
    };
    let message = format!("`{environment_name}` clusters must read `{expected}`, but this one reads {read}");
    let finding = findings.report(runtime_info.object, "/data/GIT_BRANCH", message);
    branch.place().into_iter().for_each(|place| _ = finding.explains(Fact::WrongValue(place)));
    finding
        .argument(branch_name)
        .about_node(environment)
        .help(format!("set `GIT_BRANCH: {expected}`, or change `environments` in fleetlint.yaml"))
        .related_node(environment, "environment set here");
}

fn text(node: &Node) -> &str {
    node.text().unwrap_or_default()
}
