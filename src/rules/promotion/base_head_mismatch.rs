//! A promotion between branches that do not belong to the environments.

use std::collections::BTreeSet;

use crate::finding::{Findings, Place, Severity};
use crate::fleet::Fleet;
use crate::near::near;
use crate::repository::{ChangeKind, Repositories, Written};
use crate::rule::promotion::{promoting_repositories, steps};
use crate::rule::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "promotion/base-head-mismatch",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a workflow promotes between branches that the mapping of environments does not know",
    is_pedantic: false,
    page: include_str!("../../../rules/promotion/base-head-mismatch.md"),
    check: Check::Repository(check),
};

fn check(fleet: &Fleet, repositories: &Repositories<'_>, findings: &mut Findings) {
    let (promoted, tried) = (fleet.promoted_branches(), fleet.tried_branches());
    if promoted.is_empty() || tried.is_empty() {
        return;
    }
    for repository in promoting_repositories(fleet, repositories) {
        let all = || steps(repository).flat_map(|at| at.step.changes());
        let is_known = |branch: &Written, among: &BTreeSet<&str>| branch.text().is_some_and(|it| among.contains(it));
        let promotes = all().any(|change| is_known(&change.from, &tried) && is_known(&change.to, &promoted));
        for change in all().filter(|change| change.kind == ChangeKind::PullRequest) {
            let (Some(from), Some(to)) = (change.from.text(), change.to.text()) else { continue };
            let meant = |branch: &str, among: &BTreeSet<&str>| {
                near(branch, &among.iter().copied().collect::<Vec<_>>()).first().map(|it| (*it).to_owned())
            };
            let (wrong, message, help) = match (tried.contains(from), promoted.contains(to)) {
                (false, true) if promoted.contains(from) => continue,
                (false, true) => {
                    let message =
                        format!("this pull request takes `{from}` to `{to}`, but no environment tries `{from}`");
                    (&change.from, message, meant(from, &tried).or_else(|| tried.first().map(|it| (*it).to_owned())))
                }
                (true, false) if !tried.contains(to) => match meant(to, &promoted) {
                    Some(near) => {
                        let message = format!("this pull request takes `{from}` to `{to}`, which no environment reads");
                        (&change.to, message, Some(near))
                    }
                    None => continue,
                },
                (false, false) if promoted.contains(from) && tried.contains(to) && !promotes => {
                    let message = format!("this pull request takes `{from}` to `{to}`: promotion goes the other way");
                    (&change.from, message, None)
                }
                _ => continue,
            };
            let finding = findings.report_place(Place::of_span(wrong.place), message);
            finding.argument(from).argument(to).help(match help {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "exchange base and head".to_owned(),
            });
        }
    }
}
