//! Sources that are given and that the fleet does not read: mostly a URL or a branch that is misspelt.

use std::collections::BTreeSet;

use super::Request;
use crate::config::{Config, ConfiguredSource};
use crate::fleet::{Fleet, FleetProblem};
use crate::near::{edit_distance, near};
use crate::problem::{Problem, ProblemKind};
use crate::source::{NamedSource, Reference, Sources, Unused, UnusedSource, url};

/// URLs or branches that a help names.
const MAX_NAMES: usize = 3;

/// Characters of a URL that are compared.
const MAX_COMPARED: usize = 64;

/// One problem for each `--source` and each entry of `sources` that no source of the fleet reads. None while the URL of a
/// source is not known, which may be any, or while what installs Flux or creates sources cannot be read.
pub(super) fn unmatched(fleet: &Fleet, sources: &Sources, request: &Request<'_>, config: &Config) -> Vec<FleetProblem> {
    let Some(named) = fleet.named_sources().filter(|_| !fleet.discovery.is_blind && !fleet.has_refused_generators())
    else {
        return Vec::new();
    };
    let problem = |unused: UnusedSource| {
        let is_argument = request.sources.iter().any(|given| url::same(&given.url, &unused.url));
        let mut configured = config.sources.iter().filter(|source| !is_argument && is_meant(source, &unused));
        let given = if is_argument { format!("--source {}", unused.url) } else { unused.url.clone() };
        let place = configured.find_map(|source| source.place);
        let problem = Problem::new(ProblemKind::UnmatchedSource, message(&given, &unused.why), place);
        FleetProblem { problem: problem.help(help(&unused)), clusters: BTreeSet::new(), object: None, undefined: None }
    };
    let unused = sources.unused(&named, request.path).into_iter().map(problem);
    unused.chain(config.sources.iter().filter_map(|source| misspelt_external(source, &named))).collect()
}

/// An entry that leaves out a source which the fleet does not have, and almost has. Others may be meant for a source that is
/// defined in a repository which is not at hand.
fn misspelt_external(source: &ConfiguredSource, named: &[NamedSource]) -> Option<FleetProblem> {
    if !source.external || named.iter().any(|it| url::same(&it.url, &source.url)) {
        return None;
    }
    let others: BTreeSet<String> = named.iter().map(|it| url::normalize(&it.url)).collect();
    let nearest = nearest(&url::normalize(&source.url), &others.iter().map(String::as_str).collect::<Vec<_>>())?;
    let message = format!("`{}` matches no source of the fleet: nothing is left out", source.url);
    let problem = Problem::new(ProblemKind::UnmatchedSource, message, source.place);
    let problem = problem.help(format!("did you mean `{nearest}`?"));
    Some(FleetProblem { problem, clusters: BTreeSet::new(), object: None, undefined: None })
}

/// Whether an entry of `sources` is what is not used. Several may have the URL, for a branch each.
fn is_meant(source: &ConfiguredSource, unused: &UnusedSource) -> bool {
    let has_revision = match &unused.why {
        Unused::Branch { revision, .. } => source.revision.as_deref() == Some(revision),
        Unused::Url { .. } | Unused::Fleet => true,
    };
    has_revision && url::same(&source.url, &unused.url)
}

fn message(given: &str, why: &Unused) -> String {
    match why {
        Unused::Url { .. } => format!("`{given}` matches no source of the fleet: nothing is read from it"),
        Unused::Branch { revision, branch, .. } => {
            format!("`{given}` at `@{revision}` matches no source of the fleet: none names branch `{branch}`")
        }
        Unused::Fleet => format!("`{given}` is the fleet repository itself: its working tree is read"),
    }
}

fn help(unused: &UnusedSource) -> String {
    match &unused.why {
        Unused::Url { others } => help_with_url(&unused.url, others),
        Unused::Branch { branch, named, .. } => help_with_branch(branch, named),
        Unused::Fleet => "remove it".to_owned(),
    }
}

fn help_with_url(url: &str, others: &[String]) -> String {
    let others: Vec<&str> = others.iter().map(String::as_str).collect();
    if let Some(nearest) = nearest(&url::normalize(url), &others) {
        return format!("did you mean `{nearest}`?");
    }
    match others.is_empty() {
        true => "remove it, or correct the URL".to_owned(),
        false => format!("remove it, or correct the URL; not given are {}", listed(&others)),
    }
}

/// The URL that differs least, if it is near in what differs: all repositories of an owner look alike as a whole.
fn nearest<'a>(url: &str, others: &[&'a str]) -> Option<&'a str> {
    let edits = |other: &&'a str| {
        let (own, others) = differing(url, other);
        let is_near = !near(&own, &[&others]).is_empty();
        is_near.then(|| (edit_distance(&own, &others), *other))
    };
    others.iter().filter_map(edits).min().map(|(_, nearest)| nearest)
}

/// Two URLs without the segments that they share at their beginnings and ends.
fn differing(left: &str, right: &str) -> (String, String) {
    let (left, right): (Vec<&str>, Vec<&str>) = (left.split('/').collect(), right.split('/').collect());
    let first = left.iter().zip(&right).take_while(|(left, right)| left == right).count();
    let (left, right) = (&left[first..], &right[first..]);
    let last = left.iter().rev().zip(right.iter().rev()).take_while(|(left, right)| left == right).count();
    let rest = |segments: &[&str]| {
        let rest: String = segments[..segments.len() - last].join("/");
        rest.chars().take(MAX_COMPARED).collect()
    };
    (rest(left), rest(right))
}

fn help_with_branch(branch: &str, named: &[Reference]) -> String {
    let branches: Vec<String> = named.iter().filter_map(Reference::branch).collect();
    let branches: Vec<&str> = branches.iter().map(String::as_str).collect();
    if let Some(nearest) = near(branch, &branches).first() {
        return format!("did you mean `{nearest}`?");
    }
    let mut names: Vec<&str> = named.iter().map(Reference::name).collect();
    names.sort_unstable();
    names.dedup();
    format!("the fleet reads {} of it", listed(&names))
}

/// `a`, `a` and `b`, `a`, `b`, `c` and 2 more.
fn listed(names: &[&str]) -> String {
    let shown: Vec<String> = names.iter().take(MAX_NAMES).map(|name| format!("`{name}`")).collect();
    match (shown.split_last(), names.len().saturating_sub(MAX_NAMES)) {
        (Some((last, before)), 0) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        (_, 0) => shown.join(", "),
        (_, more) => format!("{} and {more} more", shown.join(", ")),
    }
}
