//! A cluster that came to rest.

use super::Cluster;
use super::discover::Root;
use super::reconciliation::{Results, Seeds};

/// A cluster at its fixed point.
pub(super) struct ReconciledCluster<'a> {
    pub roots: &'a [Root],
    pub cluster: Cluster,
    /// It came to rest.
    pub is_stable: bool,
    pub seeds: Seeds,
    pub results: Results,
}
