//! The graph: configuration, discovery, clusters, what is not known.

#[cfg(test)]
mod break_fleet;
#[cfg(test)]
mod config_clusters;
#[cfg(test)]
mod config_file;
#[cfg(test)]
mod config_schema;
#[cfg(test)]
mod findings;
#[cfg(test)]
mod fleet_artifacts;
#[cfg(test)]
mod fleet_bad_input;
#[cfg(test)]
mod fleet_branches;
#[cfg(test)]
mod fleet_discovery;
#[cfg(test)]
mod fleet_externals;
#[cfg(test)]
mod fleet_git_parts;
#[cfg(test)]
mod fleet_layouts;
#[cfg(test)]
mod fleet_profile;
#[cfg(test)]
mod fleet_release;
#[cfg(test)]
mod fleet_roots;
#[cfg(test)]
mod fleet_unknowns;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod order;
#[cfg(test)]
mod rbac;
#[cfg(test)]
mod references;
#[cfg(test)]
mod repository;
#[cfg(test)]
mod repository_hostile;
#[cfg(test)]
mod rights;
#[cfg(test)]
mod scale;
#[cfg(test)]
mod schemas;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod silence;
#[cfg(test)]
mod tokens;
#[cfg(test)]
mod variables;
#[cfg(test)]
mod workspace;

#[cfg(test)]
#[path = "../support/config.rs"]
mod support;

#[cfg(test)]
#[path = "../support/fleet.rs"]
mod fleet;

#[cfg(test)]
#[path = "../support/git.rs"]
mod git;

#[cfg(test)]
#[path = "../support/rbac_case.rs"]
mod rbac_case;

#[cfg(test)]
#[path = "../support/rbac_random.rs"]
mod rbac_random;

#[cfg(test)]
#[path = "../support/layout.rs"]
mod layout;
