//! Who waits for whom: `dependsOn`, and parents that wait for what they apply.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::Graph;
use crate::fleet::{Reconciler, ReconcilerId, ReconcilerKind};
use crate::flux::kinds::{self, Named};

/// The feature gate with which a `readyExpr` comes on top of the readiness of a dependency.
const ADDITIVE_READY_EXPR: &str = "AdditiveCELDependencyCheck";

/// One reconciler waits for another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    pub from: ReconcilerId,
    pub to: ReconcilerId,
    /// The field of `from` that says so.
    pub pointer: String,
}

impl<'a> Graph<'a> {
    /// The cycles of reconcilers that wait for each other, the shortest first; each starts at the `dependsOn` that a person
    /// can cut it at.
    ///
    /// A cycle is reported once it is not cut by what the cycles before it are cut at: all that waits for something in a cycle
    /// and is waited for by it would else be a cycle of its own.
    pub fn waiting_cycles(self) -> Vec<Vec<Wait>> {
        let waits = self.waits();
        let mut next: HashMap<ReconcilerId, Vec<&Wait>> = HashMap::new();
        waits.iter().for_each(|wait| next.entry(wait.from).or_default().push(wait));
        let all = (0..self.cluster.reconcilers.len()).map(ReconcilerId);
        let mut candidates: Vec<Vec<Wait>> = all.filter_map(|id| shortest_cycle(id, &next)).collect();
        candidates.sort_by_key(Vec::len);
        let mut cycles: Vec<Vec<Wait>> = Vec::new();
        while let Some(start) = candidates.first().and_then(|cycle| cycle.first()).map(|wait| wait.from) {
            let is_left = candidates.remove(0);
            // Cuts made since may have broken it; there may be a longer way round.
            let is_whole = is_left.iter().all(|wait| next.get(&wait.from).is_some_and(|it| it.contains(&wait)));
            let Some(cycle) = (if is_whole { Some(is_left) } else { shortest_cycle(start, &next) }) else { continue };
            let cycle = self.cut_at_dependency(cycle);
            if let Some(cut) = cycle.first() {
                next.entry(cut.from).or_default().retain(|wait| *wait != cut);
            }
            cycles.push(cycle);
        }
        cycles
    }

    /// The cycle from its first reconciler with a `dependsOn`, by namespace and name: that is where a person can cut it. A
    /// parent that waits for what it applies is in the cycle as well, but has no such line.
    fn cut_at_dependency(self, mut cycle: Vec<Wait>) -> Vec<Wait> {
        let dependencies = cycle.iter().enumerate().filter(|(_, wait)| wait.pointer.starts_with("/spec/dependsOn/"));
        let first =
            dependencies.min_by_key(|(_, wait)| self.cluster.reconciler(wait.from).name()).map(|(index, _)| index);
        cycle.rotate_left(first.unwrap_or_default());
        cycle
    }

    /// A child that waits for its parent counts where the parent waits for its children to be ready.
    fn waits(self) -> Vec<Wait> {
        let mut waits = Vec::new();
        for (index, reconciler) in self.cluster.reconcilers.iter().enumerate() {
            let from = ReconcilerId(index);
            if reconciler.kind == ReconcilerKind::FluxInstance {
                continue;
            }
            for Named { id, name: pointer, .. } in self.waited_for(reconciler) {
                let target = self.index.by_id.get(&id).copied();
                waits.extend(target.map(|to| Wait { from, to: ReconcilerId(to), pointer }));
            }
            let parent = reconciler.parent.filter(|parent| {
                let parent = self.cluster.reconciler(*parent);
                let applies = matches!(parent.kind, ReconcilerKind::Kustomization | ReconcilerKind::ResourceSet);
                applies && parent.object.str("/spec/wait") == Some("true")
            });
            waits.extend(parent.map(|parent| Wait { from: parent, to: from, pointer: "/spec/wait".to_owned() }));
        }
        waits
    }

    /// What `dependsOn` of a reconciler names and has to be ready: a ResourceSet waits for that only where it says so, others
    /// always. What a `readyExpr` waits for is not known, unless it comes on top.
    fn waited_for(self, reconciler: &Reconciler) -> Vec<Named> {
        let object = &reconciler.object;
        let references = kinds::references(&object.id.group, &object.id.kind).iter();
        let named = references.filter(|it| it.path == "spec.dependsOn[]").flat_map(|it| it.named(object));
        let is_set = reconciler.kind == ReconcilerKind::ResourceSet;
        let is_additive = !is_set && self.cluster.features.gates.get(ADDITIVE_READY_EXPR) == Some(true);
        let counts = |it: &Named| {
            let item = it.name.rsplit_once('/').and_then(|(item, _)| object.at(item));
            let field = |key: &str| item.and_then(|item| item.get(key)?.text_if_set());
            let has_expression = field("readyExpr").is_some_and(|text| !text.is_empty());
            (!is_set || field("ready") == Some("true")) && (!has_expression || is_additive)
        };
        named.filter(counts).collect()
    }
}

/// The shortest way from a reconciler back to itself.
fn shortest_cycle(start: ReconcilerId, next: &HashMap<ReconcilerId, Vec<&Wait>>) -> Option<Vec<Wait>> {
    let mut came_by: HashMap<ReconcilerId, &Wait> = HashMap::new();
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for wait in next.get(&at).into_iter().flatten() {
            if wait.to == start {
                return Some(way_back(wait, start, &came_by));
            }
            if let Entry::Vacant(way) = came_by.entry(wait.to) {
                way.insert(wait);
                queue.push_back(wait.to);
            }
        }
    }
    None
}

fn way_back(last: &Wait, start: ReconcilerId, came_by: &HashMap<ReconcilerId, &Wait>) -> Vec<Wait> {
    let mut way = vec![last.clone()];
    let mut at = last.from;
    while let Some(wait) = came_by.get(&at).filter(|_| at != start) {
        way.push((*wait).clone());
        at = wait.from;
    }
    way.reverse();
    way
}
