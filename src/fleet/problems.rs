//! What went wrong in the builds of all clusters.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use smol_str::SmolStr;

use super::{Fleet, FleetProblem};
use crate::problem::{Problem, ProblemKind};
use crate::source::File;
use crate::yaml::Span;

/// What went wrong on each cluster.
pub(super) fn problems(fleet: &Fleet) -> Vec<FleetProblem> {
    let mut found: Vec<FleetProblem> = Vec::new();
    for cluster in &fleet.clusters {
        for reconciler in &cluster.reconcilers {
            let of = |problem: &Problem, undefined: Option<&SmolStr>| FleetProblem {
                problem: problem.clone(),
                clusters: BTreeSet::from([cluster.name.clone()]),
                object: Some(Arc::clone(&reconciler.object)),
                undefined: undefined.cloned(),
            };
            found.extend(reconciler.problems.iter().map(|problem| of(problem, None)));
            found.extend(reconciler.undefined.iter().map(|(name, problem)| of(problem, Some(name))));
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
        let trees = cluster.reconcilers.iter().filter_map(|reconciler| reconciler.source.as_ref()?.tree.as_ref());
        trees.flat_map(|tree| tree.odd_names()).for_each(|file| add(file, Some(&cluster.name)));
    }
    let problem = |(file, clusters): (Arc<File>, BTreeSet<String>)| {
        let it = if file.path.ends_with('/') { "what is in it" } else { "it" };
        let message = format!("the name of `{}` is not UTF-8: fleetlint cannot check {it}", file.path);
        let place = Span { file: file.id, start: 0, end: 0 };
        let problem = Problem::new(ProblemKind::UnreadableName, message, Some(place)).help("rename it");
        FleetProblem { problem, clusters, object: None, undefined: None }
    };
    found.into_values().map(problem).collect()
}
