//! One graph of all clusters.
