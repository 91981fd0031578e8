//! Changes on the branch of production that never were on the branch of staging.

use std::collections::{BTreeSet, HashSet};

use crate::finding::{Findings, Place, Severity};
use crate::fleet::{Cluster, Fleet};
use crate::object::Object;
use crate::repository::{Repositories, Repository};
use crate::rule::{Check, Rule};
use crate::source::{HistoryGap, url};

pub(crate) const RULE: Rule = Rule {
    id: "promotion/production-ahead",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "the branch of production has changes that the branch of staging lacks",
    is_pedantic: false,
    page: include_str!("../../../rules/promotion/production-ahead.md"),
    check: Check::Repository(check),
};

/// How many files a finding names.
const MAX_NAMED: usize = 3;

fn check(fleet: &Fleet, repositories: &Repositories<'_>, findings: &mut Findings) {
    let (promoted, tried) = (fleet.promoted_branches(), fleet.tried_branches());
    if promoted.is_empty() || tried.is_empty() {
        return;
    }
    let mut told: BTreeSet<String> = BTreeSet::new();
    for repository in repositories.others() {
        let Some(address) = repository.address().filter(|address| told.insert(url::key(address))) else { continue };
        for (base, head) in tried.iter().flat_map(|base| promoted.iter().map(move |head| (*base, *head))) {
            compare(fleet, (repository, address), (base, head), findings);
        }
    }
}

fn compare(
    fleet: &Fleet,
    (repository, address): (&Repository<'_>, &str),
    (base, head): (&str, &str),
    findings: &mut Findings,
) {
    let readers: Vec<(&Cluster, &Object)> = fleet
        .clusters
        .iter()
        .flat_map(|cluster| cluster.sources().git_repositories().map(move |placed| (cluster, placed.object)))
        .filter(|(_, source)| source.str("/spec/ref/branch") == Some(head) && is_of(source, address))
        .collect();
    let Some((_, source)) = readers.first() else { return };
    let clusters: Vec<String> = readers.iter().map(|(cluster, _)| cluster.name.clone()).collect();
    let both = repository.compare(base, head).and_then(|there| Ok((there, repository.compare(head, base)?)));
    let (there, back) = match both {
        Ok(both) => both,
        Err(HistoryGap::Shallow { fetch } | HistoryGap::NotInClone { fetch, .. }) => {
            let reason = format!(
                "cannot tell whether `{head}` has changes that `{base}` lacks: the clone is cut short (`{fetch}`)"
            );
            return findings.not_judged(reason, Some(Place::at(source, "/spec/url")), &clusters);
        }
        Err(_) => return,
    };
    if there.since_merge_base.is_cut || back.since_merge_base.is_cut {
        return;
    }
    // What the other branch has changed, too, may be the same change, merged as one commit.
    let changed: HashSet<&String> = back.since_merge_base.paths.iter().collect();
    let differs: HashSet<&String> = there.differing.paths.iter().collect();
    let all = there.since_merge_base.paths.iter();
    let only: Vec<&str> =
        all.filter(|path| differs.contains(path) && !changed.contains(path)).map(String::as_str).collect();
    if only.is_empty() {
        return;
    }
    let message = format!(
        "`{head}` of `{}` has changes that `{base}` lacks, in {}: they were never on staging, and the next promotion may undo them",
        repository.tree.repository,
        shown(&only)
    );
    let finding = findings.report(source, "/spec/url", message);
    finding.argument(head).argument(base).clusters(clusters);
    finding.arguments.extend(only.iter().take(MAX_NAMED).map(|path| (*path).to_owned()));
    finding.help(format!("bring them to `{base}`, and promote them from there"));
}

fn is_of(source: &Object, address: &str) -> bool {
    source.str("/spec/url").is_some_and(|own| url::same(own, address))
}

fn shown(paths: &[&str]) -> String {
    let named: Vec<String> = paths.iter().take(MAX_NAMED).map(|path| format!("`{path}`")).collect();
    match paths.len().saturating_sub(MAX_NAMED) {
        0 => named.join(", "),
        more => format!("{} and {more} more files", named.join(", ")),
    }
}
