//! What went wrong in the builds of all clusters, each problem once.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::{Fleet, FleetProblem};
use crate::problem::Problem;

/// What went wrong on any cluster, each problem once. A key that runtime-info lacks is one defect, told as such, however
/// many substitutions it breaks.
pub(super) fn problems(fleet: &Fleet) -> Vec<FleetProblem> {
    let keys = fleet.runtime_keys();
    let mut found: Vec<FleetProblem> = Vec::new();
    let mut known: HashMap<&Problem, usize> = HashMap::new();
    for cluster in &fleet.clusters {
        for applier in &cluster.appliers {
            let reads = fleet.reads_runtime_info(applier) && fleet.runtime_info(cluster).is_some();
            let undefined = applier.undefined.iter().filter(|(name, _)| {
                // runtime-info/missing-key tells these.
                !reads || !(keys.contains(name.as_str()) || fleet.key_near(name).is_some())
            });
            for problem in applier.problems.iter().chain(undefined.map(|(_, problem)| problem)) {
                let index = *known.entry(problem).or_insert(found.len());
                if index == found.len() {
                    let object = Some(Arc::clone(&applier.object));
                    found.push(FleetProblem { problem: problem.clone(), clusters: BTreeSet::new(), object });
                }
                found[index].clusters.insert(cluster.name.clone());
            }
        }
    }
    found
}
