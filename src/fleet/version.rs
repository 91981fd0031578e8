//! Which release of Flux an instance installs.

use crate::yaml::Node;

pub use crate::flux::release::FluxVersion;

/// What the chart `flux-instance` installs where its values do not say.
const DEFAULT_OF_CHART: &str = "2.x";

/// What the `spec` of an instance says, or the values of its chart.
pub(super) fn of_spec(spec: &Node, is_of_chart: bool) -> Option<FluxVersion> {
    let written = spec.at("/distribution/version").and_then(Node::text).filter(|text| !text.is_empty());
    match written {
        Some(text) => FluxVersion::parse(text),
        None => FluxVersion::parse(DEFAULT_OF_CHART).filter(|_| is_of_chart),
    }
}
