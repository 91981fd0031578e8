//! Environments: to which one a cluster belongs, and which branches are promoted to.

use std::collections::BTreeSet;

use super::Variables;
use crate::fleet::Fleet;
use crate::yaml::Node;

impl<'a> Variables<'a> {
    /// The environment of the cluster, as its runtime-info names it.
    pub fn environment(self) -> Option<&'a str> {
        self.runtime_value("ENVIRONMENT").and_then(Node::text).filter(|name| !name.is_empty())
    }

    /// Whether the cluster is one of those that changes reach by promotion only.
    pub fn is_production(self) -> bool {
        !self.fleet.profile.environments.is_empty() && self.environment().is_some_and(names_production)
    }
}

impl Fleet {
    /// The branches that only production reads: what is there was promoted.
    pub fn promoted_branches(&self) -> BTreeSet<&str> {
        let (production, others) = self.branches();
        production.difference(&others).copied().collect()
    }

    /// The branches that are promoted from: all that other environments read.
    pub fn tried_branches(&self) -> BTreeSet<&str> {
        self.branches().1
    }

    /// The branches of production, and those of all other environments.
    fn branches(&self) -> (BTreeSet<&str>, BTreeSet<&str>) {
        let mut branches = (BTreeSet::new(), BTreeSet::new());
        for (environment, branch) in &self.profile.environments {
            let of_environment = if names_production(environment) { &mut branches.0 } else { &mut branches.1 };
            of_environment.insert(branch.as_str());
        }
        branches
    }
}

/// Whether the name of an environment says that it is production.
fn names_production(environment: &str) -> bool {
    let name = environment.to_ascii_lowercase();
    name == "live" || name.starts_with("prod")
}
