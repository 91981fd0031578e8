//! R0: which repository is this one, and what a Kustomization reads (discovery.md, section 3).

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::paths::has_variable;
use crate::flux::api::{Reference, group};
use crate::object::Object;
use crate::source::url;

/// A source object of the repository.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SourceFact {
    pub kind: SmolStr,
    /// Empty where the file has none.
    pub namespace: SmolStr,
    pub name: SmolStr,
    /// Comparable; `None` where it has none, or one with variables.
    pub address: Option<String>,
    /// What its artifact leaves out.
    pub ignore: Option<SmolStr>,
}

impl SourceFact {
    /// What an object says, if it is a source.
    pub(super) fn read(object: &Object) -> Option<Self> {
        let id = &object.id;
        let address = object.str("/spec/url").filter(|url| !url.is_empty() && !has_variable(url)).map(comparable);
        let (kind, namespace, name) = (id.kind.clone(), id.namespace.clone(), id.name.clone());
        let ignore = object.str("/spec/ignore").map(SmolStr::from);
        (id.group == group::SOURCE).then_some(Self { kind, namespace, name, address, ignore })
    }

    /// Whether a reference from a namespace means this source. A namespace that a file leaves out fits every other.
    pub(super) fn is_meant(&self, reference: &Reference<'_>, own: &SmolStr) -> bool {
        let namespace = reference.namespace_or(own);
        let fits = namespace.is_empty() || self.namespace.is_empty() || self.namespace == namespace;
        self.kind == reference.kind() && self.name == reference.name() && fits
    }
}

/// An address as addresses of this repository are compared: without scheme, user, `.git` and case.
pub(super) fn comparable(url: &str) -> String {
    url::normalize(url).to_lowercase()
}

/// The addresses of this repository.
#[derive(Clone, Debug, Default)]
pub(in crate::fleet) struct Addresses {
    ours: BTreeSet<String>,
    /// The addresses of the checkout.
    remotes: BTreeSet<String>,
    /// They are known by step 1: a remote of the checkout, or a declared root whose folder exists.
    pub(super) are_proven: bool,
}

/// What the steps of R0 look at.
pub(super) struct Clues<'a> {
    /// The remotes of the checkout, as they are written.
    pub remotes: &'a [String],
    /// The name of the checkout's folder.
    pub folder: &'a str,
    /// The addresses of declared roots whose folder exists.
    pub declared: BTreeSet<String>,
    /// The addresses of all sources of the repository.
    pub sources: BTreeSet<String>,
    /// The addresses that Kustomizations with an existing, non-empty path read, one for each Kustomization.
    pub read: Vec<String>,
}

impl Addresses {
    /// The first step that matches a source decides.
    pub(super) fn of(clues: &Clues<'_>) -> Self {
        let remotes: BTreeSet<String> = clues.remotes.iter().map(|remote| comparable(remote)).collect();
        let matching = |wanted: &dyn Fn(&String) -> bool| -> BTreeSet<String> {
            clues.sources.iter().filter(|address| wanted(address)).cloned().collect()
        };
        let by_remote = matching(&|address| remotes.contains(address));
        // Where a remote names the repository, roots of other addresses prove nothing, but that a mirror has the same name.
        let is_called =
            |address: &&String| remotes.iter().any(|it| url::last_segment(it) == url::last_segment(address));
        let declared = clues.declared.iter().filter(|address| by_remote.is_empty() || is_called(address));
        let proven: BTreeSet<String> = declared.chain(&by_remote).cloned().collect();
        if !proven.is_empty() {
            return Self { ours: proven.union(&remotes).cloned().collect(), remotes, are_proven: true };
        }
        let names: BTreeSet<String> = clues
            .remotes
            .iter()
            .map(|remote| url::last_segment(remote))
            .chain([clues.folder])
            .map(str::to_lowercase)
            .collect();
        let named = matching(&|address| names.contains(url::last_segment(address)));
        if !named.is_empty() {
            return Self { ours: named, remotes, are_proven: false };
        }
        Self { ours: most_read(&clues.read).into_iter().collect(), remotes, are_proven: false }
    }

    /// Whether an address is one of this repository.
    pub(in crate::fleet) fn contains(&self, address: &str) -> bool {
        self.ours.contains(&comparable(address))
    }

    /// Whether the address of a claim, whose folder does not exist here, is known to be of another repository: step 1 knows
    /// other addresses, or the checkout is called something else and has no similar folder either.
    pub(super) fn are_without(&self, address: &str, has_similar: bool) -> bool {
        let address = comparable(address);
        let is_called = |remote: &String| url::last_segment(remote) == url::last_segment(&address);
        let is_elsewhere = !has_similar && !self.remotes.is_empty() && !self.remotes.iter().any(is_called);
        (self.are_proven || is_elsewhere) && !self.ours.contains(&address)
    }
}

fn most_read(read: &[String]) -> Option<String> {
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    read.iter().for_each(|address| *counts.entry(address).or_default() += 1);
    counts.into_iter().max_by_key(|(address, count)| (*count, std::cmp::Reverse(*address))).map(|(it, _)| it.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(remotes: &[&str], folder: &str, declared: &[&str], sources: &[&str], read: &[&str]) -> Vec<String> {
        let set = |texts: &[&str]| texts.iter().map(|text| comparable(text)).collect();
        let remotes: Vec<String> = remotes.iter().map(ToString::to_string).collect();
        let read = read.iter().map(|text| comparable(text)).collect();
        let clues = Clues { remotes: &remotes, folder, declared: set(declared), sources: set(sources), read };
        Addresses::of(&clues).ours.into_iter().collect()
    }

    #[test]
    fn the_first_step_that_matches_a_source_decides() {
        let (fleet, apps, fork) =
            ("https://h.example/acme/fleet", "https://h.example/acme/apps", "git@h.example:me/Fleet.git");
        assert_eq!(ours(&[fleet], "x", &[], &[fleet, apps], &[apps, apps]), ["h.example/acme/fleet"]);
        assert_eq!(ours(&[fork], "x", &[fleet], &[fleet, apps], &[]), ["h.example/acme/fleet", "h.example/me/fleet"]);
        assert_eq!(ours(&[fork], "x", &[], &[fleet, apps], &[apps]), ["h.example/acme/fleet"]);
        assert_eq!(ours(&[], "apps", &[], &[fleet, apps], &[fleet]), ["h.example/acme/apps"]);
        assert_eq!(ours(&[], "x", &[], &[fleet, apps], &[fleet, apps, apps]), ["h.example/acme/apps"]);
        assert_eq!(ours(&[], "x", &[], &[fleet], &[]), [""; 0]);
    }
}
