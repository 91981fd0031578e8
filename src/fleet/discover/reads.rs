//! What a Kustomization reads: its source, and whether that is this repository (R0).

use std::collections::BTreeSet;

use super::address::{Addresses, SourceFact};
use super::source_facts::SourceFacts;
use crate::flux::api::{Kustomization, Reference};

/// What a Kustomization reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reads {
    /// Its source has an address of this repository.
    Ours,
    /// No file defines its source, or its address is not known.
    Perhaps,
    /// Its source has a different address.
    Other,
}

impl Addresses {
    /// What a Kustomization reads: its source is looked up among the objects of its own build, then in the repository,
    /// where all sources of its kind and name have to agree.
    pub(super) fn read_by(&self, kustomization: Kustomization<'_>, near: &SourceFacts, all: &SourceFacts) -> Reads {
        let Some(reference) = kustomization.source_ref() else { return Reads::Perhaps };
        match source_of(kustomization, &reference, near, all) {
            Some(Some(address)) if self.contains(address) => Reads::Ours,
            Some(Some(_)) => Reads::Other,
            _ => Reads::Perhaps,
        }
    }
}

/// The address of a Kustomization's source: `None` where no file defines it, or several that differ; `Some(None)` where
/// its address is not known.
pub(super) fn source_of<'a>(
    kustomization: Kustomization<'_>,
    reference: &Reference<'_>,
    near: &'a SourceFacts,
    all: &'a SourceFacts,
) -> Option<Option<&'a str>> {
    agreed(kustomization, reference, (near, all), |fact| fact.address.as_deref())
}

/// What the artifact of a Kustomization's source leaves out, where that is known.
pub(super) fn ignored_by<'a>(
    kustomization: Kustomization<'_>,
    near: &'a SourceFacts,
    all: &'a SourceFacts,
) -> Option<&'a str> {
    agreed(kustomization, &kustomization.source_ref()?, (near, all), |fact| fact.ignore.as_deref()).flatten()
}

/// What the source that a Kustomization means says: the one beside it, else all sources that it may mean, if they agree.
fn agreed<'a, T: Ord>(
    kustomization: Kustomization<'_>,
    reference: &Reference<'_>,
    (near, all): (&'a SourceFacts, &'a SourceFacts),
    what: impl Fn(&'a SourceFact) -> T,
) -> Option<T> {
    let own = &kustomization.object.id.namespace;
    let meant = |facts: &'a SourceFacts| facts.meant(reference, own);
    if let Some(fact) = meant(near).next() {
        return Some(what(fact));
    }
    let said: BTreeSet<T> = meant(all).map(what).collect();
    let mut said = said.into_iter();
    said.next().filter(|_| said.next().is_none())
}
