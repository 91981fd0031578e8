//! What went wrong in the builds of all clusters, each problem once.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::{Fleet, FleetProblem};
use crate::problem::{Problem, ProblemKind};
use crate::source::File;
use crate::yaml::Span;

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
    found.extend(unreadable_names(fleet));
    found
}

/// Files and folders of the fleet, and of what its clusters read, that no path can name.
fn unreadable_names(fleet: &Fleet) -> Vec<FleetProblem> {
    let mut found: BTreeMap<_, (Arc<File>, BTreeSet<String>)> = BTreeMap::new();
    let mut add = |file: Arc<File>, cluster: Option<&String>| {
        let key = (Arc::clone(&file.repository), file.revision.clone(), file.path.clone());
        found.entry(key).or_insert_with(|| (file, BTreeSet::new())).1.extend(cluster.cloned());
    };
    fleet.tree.artifact(None).odd_names().into_iter().for_each(|file| add(file, None));
    for cluster in &fleet.clusters {
        let trees = cluster.appliers.iter().filter_map(|applier| applier.source.as_ref()?.tree.as_ref());
        trees.flat_map(|tree| tree.odd_names()).for_each(|file| add(file, Some(&cluster.name)));
    }
    let problem = |(file, clusters): (Arc<File>, BTreeSet<String>)| {
        let it = if file.path.ends_with('/') { "what is in it" } else { "it" };
        let message = format!("the name of `{}` is not UTF-8: fleetlint cannot check {it}", file.path);
        let place = Span { file: file.id, start: 0, end: 0 };
        let problem = Problem::new(ProblemKind::UnreadableName, message, Some(place)).help("rename it");
        FleetProblem { problem, clusters, object: None }
    };
    found.into_values().map(problem).collect()
}
