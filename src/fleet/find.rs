//! Clusters by their names and folders.

use super::{Cluster, Fleet};
use crate::flux::build::clean_path;

impl Fleet {
    /// Whether a cluster syncs a folder of the fleet repository.
    pub fn is_root(&self, folder: &str) -> bool {
        self.clusters.iter().any(|cluster| cluster.paths.iter().any(|path| path == folder))
    }

    /// A cluster by its name, or by the folder that its roots sync.
    pub fn find_cluster(&self, name: &str) -> Option<&Cluster> {
        let by_path = || self.clusters.iter().find(|cluster| cluster.paths.contains(&clean_path(name)));
        self.clusters.iter().find(|cluster| cluster.name == name).or_else(by_path)
    }
}
