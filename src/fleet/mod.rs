//! One graph of all clusters.

/// Everything that a run knows about a fleet.
#[derive(Debug)]
pub struct Fleet;

/// A cluster of the fleet.
#[derive(Debug)]
pub struct Cluster;
