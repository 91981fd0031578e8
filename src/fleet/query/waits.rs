//! Who waits for whom: `dependsOn`, and parents that wait for what they apply.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::fleet::{ApplierId, ApplierKind, Cluster};
use crate::flux::api::depends_on;
use crate::object::ObjectId;

/// One applier waits for another.
#[derive(Clone, Debug)]
pub struct Wait {
    pub from: ApplierId,
    pub to: ApplierId,
    /// The field of `from` that says so.
    pub pointer: String,
}

impl Cluster {
    /// The circles of appliers that wait for each other; each starts at its first applier.
    pub fn waiting_cycles(&self) -> Vec<Vec<Wait>> {
        let waits = self.waits();
        let mut next: HashMap<ApplierId, Vec<&Wait>> = HashMap::new();
        waits.iter().for_each(|wait| next.entry(wait.from).or_default().push(wait));
        let mut cycles: Vec<Vec<Wait>> = Vec::new();
        for id in (0..self.appliers.len()).map(ApplierId) {
            if cycles.iter().flatten().any(|wait| wait.from == id) {
                continue;
            }
            cycles.extend(shortest_cycle(id, &next));
        }
        cycles
    }

    /// A child that waits for its parent counts where the parent waits for its children to be ready.
    fn waits(&self) -> Vec<Wait> {
        let mut waits = Vec::new();
        for (index, applier) in self.appliers.iter().enumerate() {
            let from = ApplierId(index);
            if !matches!(applier.kind, ApplierKind::Kustomization | ApplierKind::HelmRelease) {
                continue;
            }
            for (position, reference) in depends_on(&applier.object) {
                let id = ObjectId {
                    namespace: reference.namespace_or(&applier.object.id.namespace),
                    name: reference.name().into(),
                    ..applier.object.id.clone()
                };
                let target = self.appliers.iter().position(|other| other.object.id == id);
                let pointer = format!("/spec/dependsOn/{position}/name");
                waits.extend(target.map(|to| Wait { from, to: ApplierId(to), pointer }));
            }
            let parent = applier.parent.filter(|parent| {
                let parent = self.applier(*parent);
                parent.kind == ApplierKind::Kustomization && parent.object.str("/spec/wait") == Some("true")
            });
            waits.extend(parent.map(|parent| Wait { from: parent, to: from, pointer: "/spec/wait".to_owned() }));
        }
        waits
    }
}

/// The shortest way from an applier back to itself.
fn shortest_cycle(start: ApplierId, next: &HashMap<ApplierId, Vec<&Wait>>) -> Option<Vec<Wait>> {
    let mut came_by: HashMap<ApplierId, &Wait> = HashMap::new();
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

fn way_back(last: &Wait, start: ApplierId, came_by: &HashMap<ApplierId, &Wait>) -> Vec<Wait> {
    let mut way = vec![last.clone()];
    let mut at = last.from;
    while let Some(wait) = came_by.get(&at).filter(|_| at != start) {
        way.push((*wait).clone());
        at = wait.from;
    }
    way.reverse();
    way
}
