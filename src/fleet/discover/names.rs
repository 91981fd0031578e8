//! Names of clusters: what their paths do not share (discovery.md, section 6).

use std::collections::{BTreeMap, BTreeSet};

use super::combine::Draft;
use super::root::Root;

/// Segments that name no cluster.
const GENERIC: [&str; 13] = [
    "cluster",
    "clusters",
    "flux",
    "flux-system",
    "config",
    "base",
    "bootstrap",
    "system",
    "kubernetes",
    "k8s",
    "kube",
    "gitops",
    "apps",
];

/// A name for each cluster, in their order; no two are equal.
pub(super) fn names(drafts: &[Draft], repository: &str) -> Vec<String> {
    let segments: Vec<Vec<&str>> = drafts.iter().map(|draft| segments_of(drafts, draft)).collect();
    let names: Vec<String> = match segments.as_slice() {
        [only] => vec![single(only, repository)],
        many => without_generic(apart(many, repository)),
    };
    unique(drafts, names)
}

/// The segments that name a cluster: those of its paths, unless another declared cluster has the same paths.
fn segments_of<'d>(drafts: &[Draft], draft: &'d Draft) -> Vec<&'d str> {
    let has_same = || drafts.iter().filter(|other| draft.shares_paths(other)).count() > 1;
    let is_declared = draft.roots.iter().all(Root::is_of_installation);
    let label = draft.kit.as_ref().filter(|_| is_declared && has_same());
    label.map_or_else(|| shared_segments(draft), |label| label.split('/').collect())
}

/// The segments of a cluster's path; of several roots those that all of them share, in the order of the first.
fn shared_segments(draft: &Draft) -> Vec<&str> {
    let split = |path: &'_ str| path.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect();
    let paths: Vec<&str> = draft.paths().collect();
    let Some((first, rest)) = paths.split_first() else { return Vec::new() };
    let others: Vec<BTreeSet<String>> = rest.iter().map(|path| split(path)).collect();
    let own = first.split('/').filter(|segment| !segment.is_empty());
    let shared: Vec<&str> = own.filter(|segment| others.iter().all(|other| other.contains(*segment))).collect();
    match (&draft.kit, shared.is_empty()) {
        (Some(kit), true) => kit.split('/').collect(),
        (None, true) => first.split('/').filter(|segment| !segment.is_empty()).collect(),
        _ => shared,
    }
}

/// The last segment that says something, the last one where none does.
fn single(segments: &[&str], repository: &str) -> String {
    let telling = segments.iter().rev().find(|segment| !GENERIC.contains(&segment.to_lowercase().as_str()));
    telling.or(segments.last()).map_or(repository, |segment| segment).to_owned()
}

/// The names without leading segments that say nothing, where they stay different.
fn without_generic(names: Vec<String>) -> Vec<String> {
    let short = |name: &String| {
        let segments: Vec<&str> = name.split('/').collect();
        let telling = segments.iter().position(|segment| !GENERIC.contains(&segment.to_lowercase().as_str()));
        segments.get(telling.unwrap_or(0)..).unwrap_or_default().join("/")
    };
    let shortened: Vec<String> = names.iter().map(short).collect();
    let distinct: BTreeSet<&String> = shortened.iter().collect();
    if distinct.len() == names.len() { shortened } else { names }
}

/// The paths without the leading and trailing segments that all of them share; each keeps at least one.
fn apart(all: &[Vec<&str>], repository: &str) -> Vec<String> {
    let shortest = all.iter().map(Vec::len).filter(|length| *length > 0).min().unwrap_or(0);
    let is_shared = |at: &dyn Fn(&Vec<&str>) -> Option<String>| {
        let found: BTreeSet<Option<String>> = all.iter().filter(|it| !it.is_empty()).map(at).collect();
        found.len() == 1 && !found.contains(&None)
    };
    let segment = |it: &Vec<&str>, index: usize| it.get(index).map(|segment| (*segment).to_owned());
    let most = shortest.saturating_sub(1);
    let leading = (0..most).take_while(|index| is_shared(&|it| segment(it, *index))).count();
    let last = |it: &Vec<&str>, index: usize| it.len().checked_sub(index + 1).and_then(|index| segment(it, index));
    let trailing = (0..most - leading).take_while(|index| is_shared(&|it| last(it, *index))).count();
    let name = |it: &Vec<&str>| match it.len() {
        0 => repository.to_owned(),
        length => it.get(leading..length - trailing).unwrap_or_default().join("/"),
    };
    all.iter().map(name).collect()
}

/// Where names are equal, the paths are the names.
fn unique(drafts: &[Draft], names: Vec<String>) -> Vec<String> {
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    names.iter().for_each(|name| *counts.entry(name).or_default() += 1);
    let is_taken = |name: &String| counts.get(name).is_some_and(|count| *count > 1) || name.is_empty();
    let taken: Vec<bool> = names.iter().map(is_taken).collect();
    let named = drafts.iter().zip(names.iter().zip(taken));
    named
        .map(
            |(draft, (name, is_taken))| {
                if is_taken { path_name(draft).unwrap_or_else(|| name.clone()) } else { name.clone() }
            },
        )
        .fold(Vec::new(), with_number)
}

/// Adds a name; the number of it where it is there already.
fn with_number(mut names: Vec<String>, name: String) -> Vec<String> {
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    let free = std::iter::once(name.clone()).chain(numbered).find(|it| !names.contains(it));
    names.extend(free);
    names
}

fn path_name(draft: &Draft) -> Option<String> {
    draft.kit.clone().or_else(|| draft.paths().next().map(str::to_owned)).filter(|path| !path.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::discover::root::Strength;

    fn draft(paths: &[&str]) -> Draft {
        let root = |path: &&str| Root {
            path: (*path).to_owned(),
            base: String::new(),
            seeds: Vec::new(),
            strength: Strength::Assumed,
            evidence: Vec::new(),
            flux_folder: None,
            is_open: false,
            flux: None,
        };
        Draft { roots: paths.iter().map(root).collect(), kit: None }
    }

    fn named(clusters: &[&[&str]]) -> Vec<String> {
        let drafts: Vec<Draft> = clusters.iter().map(|paths| draft(paths)).collect();
        names(&drafts, "repository")
    }

    #[test]
    fn clusters_are_named_by_what_their_paths_do_not_share() {
        assert_eq!(named(&[&["k8s/alpha/cluster/config"], &["k8s/beta/cluster/config"]]), ["alpha", "beta"]);
        assert_eq!(named(&[&["envs/qa/01"], &["envs/ops/03"]]), ["qa/01", "ops/03"]);
        assert_eq!(named(&[&["clusters/a"], &["clusters/a/b"]]), ["a", "a/b"]);
        assert_eq!(named(&[&["apps/blue", "infra/blue"], &["apps/green", "infra/green"]]), ["blue", "green"]);
        assert_eq!(named(&[&[""], &["clusters/a"]]), ["repository", "a"]);
        assert_eq!(named(&[&["k/clusters/dev"], &["k/clusters/prod"], &["k/test"]]), ["dev", "prod", "test"]);
    }

    #[test]
    fn one_cluster_is_named_by_the_last_segment_that_says_something() {
        assert_eq!(named(&[&["home/flux/cluster"]]), ["home"]);
        assert_eq!(named(&[&["clusters/base"]]), ["base"]);
        assert_eq!(named(&[&[""]]), ["repository"]);
        assert_eq!(named(&[&["apps/test", "infra/test"]]), ["test"]);
    }
}
