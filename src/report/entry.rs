//! A finding as CI systems and editors show it: at a place of the repository that they have checked out.

use std::sync::Arc;

use super::clusters::{self, MAX_CLUSTERS};
use super::paths::{Paths, full};
use super::{Home, Report};
use crate::finding::{Finding, Place};
use crate::locate::Location;
use crate::source::{File, Files};
use crate::yaml::Span;

/// A finding with its places.
pub(super) struct Entry<'a> {
    pub finding: &'a Finding,
    /// In the repository that is checked: of a finding in another one, the line that reads that repository. `None` where no
    /// file of it has to do with the finding.
    pub place: Option<Spot>,
    /// The place of the finding, if it is in another repository.
    pub elsewhere: Option<Spot>,
}

/// A place in a file.
pub(super) struct Spot {
    pub file: Arc<File>,
    pub span: Span,
    pub location: Location,
}

impl Spot {
    pub(super) fn new(place: &Place, files: &Files) -> Option<Self> {
        let span = place.span()?;
        Some(Self { file: files.get(span.file), span, location: Location::of(span, files) })
    }

    /// `repository@revision: path:line:column`.
    pub(super) fn full(&self) -> String {
        format!("{}:{}:{}", full(&self.file), self.location.line, self.location.column)
    }

    /// Whether it is in the repository that is checked.
    pub(super) fn is_in(&self, home: &Home) -> bool {
        home.holds(&self.file)
    }
}

impl<'a> Entry<'a> {
    fn new(finding: &'a Finding, home: &Home, files: &Files) -> Self {
        let (own, reader) = (Spot::new(&finding.place, files), finding.reader.as_ref());
        match own {
            Some(own) if own.is_in(home) => Self { finding, place: Some(own), elsewhere: None },
            own => Self { finding, place: reader.and_then(|place| Spot::new(place, files)), elsewhere: own },
        }
    }

    /// What is wrong; of a finding in another repository also where.
    pub(super) fn message(&self) -> String {
        let elsewhere = self.elsewhere.as_ref().map(|spot| format!(" (in {})", spot.full()));
        format!("{}{}", self.finding.message, elsewhere.unwrap_or_default())
    }

    /// The clusters that it concerns, shortened; `None` where it concerns none in particular.
    pub(super) fn clusters(&self, report: &Report) -> Option<String> {
        clusters::listed(&self.finding.clusters, &report.summary.clusters, report.detail.most(MAX_CLUSTERS))
    }

    /// The path from the root of the Git repository that is checked.
    pub(super) fn path(&self, paths: &Paths<'_>) -> Option<String> {
        self.place.as_ref().map(|spot| paths.in_repository(&spot.file))
    }
}

/// All findings, as they are sorted.
pub(super) fn entries<'a>(report: &'a Report, files: &Files) -> Vec<Entry<'a>> {
    report.findings.iter().map(|finding| Entry::new(finding, &report.home, files)).collect()
}

/// All findings, errors first: hosts show only so many.
pub(super) fn worst_first<'a>(report: &'a Report, files: &Files) -> Vec<Entry<'a>> {
    let mut entries = entries(report, files);
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.finding.severity));
    entries
}
