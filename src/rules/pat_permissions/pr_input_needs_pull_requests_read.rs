//! A ResourceSetInputProvider that lists pull requests with a token that may not.

use crate::credentials::Purpose;
use crate::finding::{Findings, Severity};
use crate::fleet::Fleet;
use crate::repository::Repositories;
use crate::rule::{Check, Rule, report_lacking};
use crate::tokens::Tokens;

pub(crate) const RULE: Rule = Rule {
    id: "pat-permissions/pr-input-needs-pull-requests-read",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a ResourceSetInputProvider lists pull requests with a token that lacks Pull requests: read",
    is_pedantic: false,
    page: include_str!("../../../rules/pat-permissions/pr-input-needs-pull-requests-read.md"),
    check: Check::Repository(check),
};

fn check(fleet: &Fleet, repositories: &Repositories<'_>, findings: &mut Findings) {
    report_lacking(
        &Tokens::of(fleet, repositories),
        Purpose::PullRequestInput,
        "it has no inputs, and nothing is created for pull requests",
        findings,
    );
}
