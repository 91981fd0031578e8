//! A Provider that comments on pull requests with a token that may not.

use crate::credentials::Purpose;
use crate::finding::{Findings, Severity};
use crate::fleet::Fleet;
use crate::repository::Repositories;
use crate::rule::{Check, Rule, report_lacking};
use crate::tokens::Tokens;

pub(crate) const RULE: Rule = Rule {
    id: "pat-permissions/pr-comment-needs-pull-requests-write",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a Provider comments on pull requests with a token that lacks Pull requests: write",
    is_pedantic: false,
    page: include_str!("../../../rules/pat-permissions/pr-comment-needs-pull-requests-write.md"),
    check: Check::Repository(check),
};

fn check(fleet: &Fleet, repositories: &Repositories<'_>, findings: &mut Findings) {
    report_lacking(
        &Tokens::of(fleet, repositories),
        Purpose::PullRequestComment,
        "GitHub refuses every comment",
        findings,
    );
}
