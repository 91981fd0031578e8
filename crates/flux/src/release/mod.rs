//! What releases of Flux, and of what runs beside it, do differently. The tables here are the only place that knows:
//! engine and rules ask them.

mod api_versions;
mod feature;
mod gates;
mod minors;
mod version;

pub use api_versions::{ApiVersion, Component, Served, api_version, newest_served, newest_version, served};
pub use feature::{Feature, Features};
pub use gates::FeatureGates;
pub use minors::{AS_OF, FluxMinor, MINORS};
pub use version::{FluxVersion, Minor, NEWEST, Release, is_unbounded};
