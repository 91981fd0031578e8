//! Findings as text, one file per format. Decides nothing.

use crate::finding::{Finding, Note, Severity};
use crate::source::Files;
use crate::yaml::Documents;

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

/// How the human format looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    pub colour: bool,
    pub width: usize,
    pub unicode: bool,
}

impl Report {
    /// How many findings have this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// By repository, revision (null first), file, line, column, rule, message.
    pub fn sort(&mut self, _files: &Files) {}
}

/// `--format json`.
pub fn json(_report: &Report, _files: &Files) -> String {
    String::new()
}

/// `--format human`.
pub fn human(_report: &Report, _files: &Files, _documents: &Documents, _style: Style) -> String {
    String::new()
}
