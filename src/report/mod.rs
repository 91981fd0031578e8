//! Findings as text, one file per format. Decides nothing.

mod block;
mod escape;
mod excerpt;
mod fingerprint;
pub mod graph;
mod human;
mod json;
mod location;
mod mask;

use crate::finding::{Finding, Note, Severity};
use crate::source::Files;

pub use escape::escaped;
pub use fingerprint::fingerprint;
pub use human::{Style, human};
pub use json::json;
pub use location::Location;

/// What a run tells.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub findings: Vec<Finding>,
    pub notes: Vec<Note>,
    pub summary: Summary,
}

/// What a run has looked at.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    pub files: usize,
    pub documents: usize,
    pub objects: usize,
    /// Sorted.
    pub clusters: Vec<String>,
    pub undetermined: usize,
}

impl Report {
    /// How many findings have this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// The worst severity of all findings, for the exit status.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }

    /// By repository, revision (null first), file, line, column, rule, message; notes by message, then place. What has no
    /// place comes first.
    pub fn sort(&mut self, files: &Files) {
        self.findings.sort_by_cached_key(|finding| {
            let location = finding.place.span.map(|span| Location::of(span, files));
            (location, finding.rule, finding.message.clone(), finding.object.clone(), finding.clusters.clone())
        });
        self.notes.sort_by_cached_key(|note| {
            let span = note.place.as_ref().and_then(|place| place.span);
            (note.message.clone(), span.map(|span| Location::of(span, files)), note.clusters.clone())
        });
    }
}
