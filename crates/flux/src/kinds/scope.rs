//! Which version of a kind, on which releases of Flux.

use super::table::{Line, Table, overlap};
use crate::release::FluxVersion;

/// The API version and the releases in question; what is not said is any.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scope<'a> {
    /// `v1beta2`.
    pub version: Option<&'a str>,
    /// A field counts if one of these has it, and serves the version.
    pub releases: Option<FluxVersion>,
}

/// A scope in terms of one table.
#[derive(Clone, Copy)]
pub(super) struct Bits {
    versions: u16,
    releases: Option<FluxVersion>,
}

impl Scope<'_> {
    pub(super) fn of(self, table: &Table) -> Bits {
        Bits { versions: table.bits(self.version, self.releases), releases: self.releases }
    }
}

impl Bits {
    pub(super) fn has(self, line: &Line) -> bool {
        let is_in_time = self.releases.is_none_or(|releases| overlap(releases, line.since, line.until));
        line.versions & self.versions != 0 && is_in_time
    }
}
