//! The last resort against a failing fleet that passes: what is not applied although no finding says why.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::finding::{Fact, Note};
use crate::fleet::{Fleet, Outcome};

/// The reason of these notes.
const REASON: &str = "not-reported";

/// A note on all that Flux would refuse and no finding explains: the rules that would are off, or not asked for.
pub(super) fn notes(fleet: &Fleet, explained: &HashSet<Fact>, only: Option<&str>) -> Vec<Note> {
    let mut silent: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for cluster in fleet.clusters.iter().filter(|cluster| only.is_none_or(|name| cluster.name == name)) {
        for reconciler in cluster.reconcilers.iter().filter(|reconciler| is_refused(&reconciler.outcome)) {
            let fact = Fact::NotApplied(cluster.name.clone(), reconciler.object.id.clone());
            if !explained.contains(&fact) {
                let id = &reconciler.object.id;
                let shown = format!("{} `{}/{}`", id.kind, id.namespace, id.name);
                silent.entry(shown).or_default().insert(cluster.name.clone());
            }
        }
    }
    let Some((first, _)) = silent.first_key_value() else { return Vec::new() };
    let others = match silent.len() {
        1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    let message = format!("Flux refuses {first}{others}, and the rules that would say why are off or not selected");
    let help = "run the families `build`, `kustomization-graph`, `branch-mapping` and `runtime-info`, too".to_owned();
    vec![Note {
        reason: REASON,
        message,
        help: Some(help),
        rule: None,
        place: None,
        count: silent.len(),
        clusters: silent.into_values().flatten().collect(),
    }]
}

fn is_refused(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Failed | Outcome::PathNotFound | Outcome::ReferenceNotFound { .. })
}
