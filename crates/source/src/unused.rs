//! What is given and no source of the fleet reads: mostly a URL or a branch that is misspelt.

use std::collections::BTreeMap;

use super::mapping::{Mapping, SourceMapping};
use super::{Reference, url};

/// A source object of the fleet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedSource {
    /// As it is written.
    pub url: String,
    /// `None` if it holds variables that are not known.
    pub reference: Option<Reference>,
    pub role: SourceRole,
}

/// What a source object can be given for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceRole {
    /// Files of another repository.
    Files,
    /// No files, as a HelmRepository.
    Charts,
    /// The fleet repository at what its cluster syncs: the files that are checked, whatever is given.
    Fleet,
    /// The fleet repository at another reference.
    FleetElsewhere,
}

/// A `--source`, or an entry of `sources`, that no source of the fleet reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnusedSource {
    /// As it was given.
    pub url: String,
    pub why: Unused,
}

/// Why nothing is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unused {
    /// No source has the URL.
    Url {
        /// The URLs that sources have and nobody gave, normalized.
        others: Vec<String>,
    },
    /// It is given for one branch, and no source with the URL names that.
    Branch {
        /// What follows the `@`, as it was given.
        revision: String,
        /// The branch that it is given for.
        branch: String,
        /// What the sources name, each once.
        named: Vec<Reference>,
    },
    /// It is the fleet repository itself.
    Fleet,
}

/// The URLs of files that nobody gave, normalized and sorted, each repository once.
pub(super) fn others(fleet: &[NamedSource], is_given: &dyn Fn(&str) -> bool) -> Vec<String> {
    let missing = fleet.iter().filter(|source| source.role == SourceRole::Files && !is_given(&source.url));
    let by_key: BTreeMap<String, String> =
        missing.map(|source| (url::key(&source.url), url::normalize(&source.url))).collect();
    by_key.into_values().collect()
}

/// What of the arguments of one URL nothing reads. `is_asked` says that something asked for the URL.
pub(super) fn unused(mapping: &Mapping, fleet: &[NamedSource], is_asked: bool, others: &[String]) -> Vec<UnusedSource> {
    let unused = |why| UnusedSource { url: mapping.url.clone(), why };
    let is_own = |source: &NamedSource| matches!(source.role, SourceRole::Fleet | SourceRole::FleetElsewhere);
    let has_url = |source: &&NamedSource| match is_own(source) {
        true => url::same_in_any_case(&source.url, &mapping.url),
        false => url::same(&source.url, &mapping.url),
    };
    let sources: Vec<&NamedSource> = fleet.iter().filter(has_url).collect();
    if sources.is_empty() {
        return if is_asked { Vec::new() } else { vec![unused(Unused::Url { others: others.to_vec() })] };
    }
    if sources.iter().all(|source| source.role == SourceRole::Fleet) {
        return vec![unused(Unused::Fleet)];
    }
    let readers = sources.iter().filter(|it| matches!(it.role, SourceRole::Files | SourceRole::FleetElsewhere));
    let named: Option<Vec<Reference>> = readers.map(|it| it.reference.clone().map(Reference::canonical)).collect();
    // Any branch may be meant by what is not known, and none by charts.
    let Some(named) = named.filter(|named| !named.is_empty()).map(each_once) else { return Vec::new() };
    mapping.unread(&named).filter_map(|given| branch(given, &named)).collect()
}

fn branch(given: &SourceMapping, named: &[Reference]) -> Option<UnusedSource> {
    let (revision, branch) = (given.selector.to_string(), given.selector.target()?);
    let why = Unused::Branch { revision, branch, named: named.to_vec() };
    Some(UnusedSource { url: given.url.clone(), why })
}

fn each_once(references: Vec<Reference>) -> Vec<Reference> {
    let mut once: Vec<Reference> = Vec::new();
    for reference in references {
        if !once.contains(&reference) {
            once.push(reference);
        }
    }
    once
}
