//! What a cluster shows of how Flux is installed on it: its release, its feature gates, its lockdown.

pub(super) mod gates;
mod lockdown;
pub(super) mod version;
