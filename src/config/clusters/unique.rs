//! No two clusters are one.

use std::collections::HashMap;

use super::ConfiguredCluster;
use crate::config::shape::ConfigReader;
use crate::problem::{Problem, ProblemKind};
use crate::yaml::Span;

impl ConfigReader<'_> {
    /// Names are there once, and so are the paths that name a cluster.
    pub(super) fn check_unique(&mut self, clusters: &[ConfiguredCluster]) {
        let mut names: HashMap<&str, Option<Span>> = HashMap::new();
        let mut paths: HashMap<&str, Option<Span>> = HashMap::new();
        for cluster in clusters {
            if let Some(name) = &cluster.name {
                let first = *names.entry(name).or_insert(cluster.place);
                self.twice(
                    first,
                    cluster.place,
                    &format!("two clusters have the name `{name}`"),
                    "rename one of the two",
                );
            }
            if let (None, [root]) = (&cluster.name, &cluster.roots[..]) {
                let first = *paths.entry(&root.path).or_insert(root.path_place);
                let message = format!("two clusters have the path `{}`", root.path);
                self.twice(first, root.path_place, &message, "remove one of the two");
            }
        }
    }

    fn twice(&mut self, first: Option<Span>, place: Option<Span>, message: &str, help: &str) {
        if first != place {
            let problem = Problem::new(ProblemKind::InvalidObject, message, place).help(help);
            self.problems.push(problem.related(first, "the first one"));
        }
    }
}
