//! What files say of sources, found by the references that mean them.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::OnceLock;

use smol_str::SmolStr;

use super::address::SourceFact;
use crate::flux::api::Reference;

/// Source objects in the order of their files.
#[derive(Clone, Debug, Default)]
pub(super) struct SourceFacts {
    facts: Vec<SourceFact>,
    /// Positions by name, then by namespace.
    by_name: OnceLock<HashMap<SmolStr, HashMap<SmolStr, Vec<usize>>>>,
}

static NONE: SourceFacts = SourceFacts { facts: Vec::new(), by_name: OnceLock::new() };

impl SourceFacts {
    /// No sources at all.
    pub(super) fn none() -> &'static Self {
        &NONE
    }

    /// Those that a reference from a namespace means, in order.
    pub(super) fn meant(&self, reference: &Reference<'_>, own: &SmolStr) -> impl Iterator<Item = &SourceFact> {
        let by_namespace = self.by_name().get(reference.name());
        let namespace = reference.namespace_or(own);
        let mut positions: Vec<usize> = match by_namespace {
            None => Vec::new(),
            Some(all) if namespace.is_empty() => all.values().flatten().copied().collect(),
            Some(all) => [namespace.as_str(), ""].iter().filter_map(|it| all.get(*it)).flatten().copied().collect(),
        };
        positions.sort_unstable();
        let named = positions.into_iter().filter_map(|position| self.facts.get(position));
        named.filter(|fact| fact.is_meant(reference, own))
    }

    fn by_name(&self) -> &HashMap<SmolStr, HashMap<SmolStr, Vec<usize>>> {
        self.by_name.get_or_init(|| {
            let mut names: HashMap<SmolStr, HashMap<SmolStr, Vec<usize>>> = HashMap::new();
            for (position, fact) in self.facts.iter().enumerate() {
                let namespaces = names.entry(fact.name.clone()).or_default();
                namespaces.entry(fact.namespace.clone()).or_default().push(position);
            }
            names
        })
    }
}

impl Deref for SourceFacts {
    type Target = [SourceFact];

    fn deref(&self) -> &[SourceFact] {
        &self.facts
    }
}

impl FromIterator<SourceFact> for SourceFacts {
    fn from_iter<I: IntoIterator<Item = SourceFact>>(facts: I) -> Self {
        Self { facts: facts.into_iter().collect(), by_name: OnceLock::new() }
    }
}

impl Extend<SourceFact> for SourceFacts {
    fn extend<I: IntoIterator<Item = SourceFact>>(&mut self, facts: I) {
        self.facts.extend(facts);
        self.by_name.take();
    }
}
