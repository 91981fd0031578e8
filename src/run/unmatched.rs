//! Sources that are given and that the fleet does not read: mostly a URL that is misspelt.

use std::collections::BTreeSet;

use super::Request;
use crate::config::Config;
use crate::fleet::{Fleet, FleetProblem};
use crate::near::near;
use crate::problem::{Problem, ProblemKind};
use crate::source::{Sources, UnusedSource, url};

/// URLs that a help names.
const MAX_URLS: usize = 3;

/// One problem for each URL that is given and that no source of the fleet has. None while the URL of a source is not known:
/// it may be any.
pub(super) fn unmatched(fleet: &Fleet, sources: &Sources, request: &Request<'_>, config: &Config) -> Vec<FleetProblem> {
    let Some(urls) = fleet.source_urls() else { return Vec::new() };
    let problem = |unused: UnusedSource| {
        let is_argument = request.sources.iter().any(|given| url::same(&given.url, &unused.url));
        let configured = config.sources.iter().find(|source| !is_argument && url::same(&source.url, &unused.url));
        let given = if is_argument { format!("--source {}", unused.url) } else { unused.url.clone() };
        let message = format!("`{given}` matches no source of the fleet: nothing is read from it");
        let place = configured.and_then(|source| source.place);
        let problem = Problem::new(ProblemKind::UnmatchedSource, message, place).help(help(&unused));
        FleetProblem { problem, clusters: BTreeSet::new(), object: None }
    };
    sources.unused(urls.iter().map(String::as_str)).into_iter().map(problem).collect()
}

fn help(unused: &UnusedSource) -> String {
    let others: Vec<&str> = unused.others.iter().map(String::as_str).collect();
    if let Some(nearest) = near(&url::normalize(&unused.url), &others).first() {
        return format!("did you mean `{nearest}`?");
    }
    let shown: Vec<String> = others.iter().take(MAX_URLS).map(|url| format!("`{url}`")).collect();
    match (shown.is_empty(), others.len().saturating_sub(MAX_URLS)) {
        (true, _) => "remove it, or correct the URL".to_owned(),
        (false, 0) => format!("remove it, or correct the URL; not given are {}", shown.join(", ")),
        (false, more) => format!("remove it, or correct the URL; not given are {} and {more} more", shown.join(", ")),
    }
}
