//! The questions that rules ask, by what they are about.
//!
//! A facet is a small struct over one cluster: `cluster.graph()`, `cluster.order()`, `cluster.rbac()`,
//! `cluster.sources()`, and, where the
//! answer needs what the whole fleet knows (the configuration, the profile), `fleet.tenancy(cluster)`,
//! `fleet.variables(cluster)`, `fleet.credentials(cluster)`. What a facet looks up is in an index of its own, which is made
//! when the facet is first asked for.

pub mod credentials;
pub mod graph;
pub mod image_updates;
pub mod order;
pub mod rbac;
pub mod sources;
pub mod tenancy;
pub mod variables;
pub mod workload;

use std::sync::OnceLock;

/// The indexes of a cluster's facets.
#[derive(Debug, Default)]
pub(super) struct Indexes {
    graph: OnceLock<graph::GraphIndex>,
    order: OnceLock<order::OrderIndex>,
    rbac: OnceLock<rbac::RbacIndex>,
    sources: OnceLock<sources::SourcesIndex>,
    tenancy: OnceLock<tenancy::TenancyIndex>,
    variables: OnceLock<variables::VariablesIndex>,
}
