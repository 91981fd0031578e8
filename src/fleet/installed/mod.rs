//! What a cluster shows of how Flux is installed on it: its release, its lockdown.

mod lockdown;
pub(super) mod version;
