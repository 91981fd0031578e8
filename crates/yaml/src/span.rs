//! Where a text stands.

use fleetlint_source::FileId;

/// A half-open range of bytes in a file of this run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    pub file: FileId,
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// Whether another range is inside of this one.
    pub fn holds(self, inner: Self) -> bool {
        inner.file == self.file && self.start <= inner.start && inner.end <= self.end
    }
}
