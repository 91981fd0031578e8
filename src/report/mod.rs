//! Findings as text, one file per format. Decides nothing.

mod block;
mod checkstyle;
mod clusters;
mod detail;
mod discovery;
mod entry;
mod escape;
mod excerpt;
mod github;
mod gitlab;
pub mod graph;
mod human;
mod json;
mod junit;
mod line;
mod markdown;
mod pages;
mod paths;
mod redacted;
mod repository;
pub mod rights;
mod sarif;
pub mod settings;
mod statistics;
mod style;
mod summary;
pub mod tokens;
pub mod variables;
mod xml;

use crate::finding::{Finding, Note, Severity};
use crate::fleet::{Discovery, Undetermined};
use crate::locate::Location;
use crate::redact::Redactor;
use crate::rule::Rule;
use crate::source::Files;
use crate::triage::Baseline;

pub use checkstyle::checkstyle;
pub use detail::Detail;
pub use escape::escaped;
pub use github::github;
pub use gitlab::gitlab;
pub use human::human;
pub use json::json;
pub use junit::junit;
pub use line::line;
pub use markdown::markdown;
pub use repository::{Home, Repository};
pub use sarif::{failed_sarif, sarif};
pub use style::Style;
pub use summary::on_their_own;

/// What a run tells.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub findings: Vec<Finding>,
    pub notes: Vec<Note>,
    pub summary: Summary,
    /// What could not be judged, object by object.
    pub undetermined: Vec<Undetermined>,
    /// Name all of it.
    pub shows_undetermined: bool,
    /// How much is said.
    pub detail: Detail,
    /// Count the findings of each rule.
    pub shows_statistics: bool,
    /// The only cluster that was looked at.
    pub cluster: Option<String>,
    /// How the clusters were found.
    pub discovery: Discovery,
    /// Knows what excerpts must not show either.
    pub redactor: Redactor,
    /// The repositories that were read, by name and revision.
    pub repositories: Vec<Repository>,
    /// The one that the run is about.
    pub home: Home,
    /// The rules that ran, in the order of the catalogue.
    pub rules: Vec<&'static Rule>,
    /// What `--write-baseline` writes.
    pub baseline: Option<Baseline>,
}

/// What a run has looked at.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    pub files: usize,
    pub documents: usize,
    pub objects: usize,
    /// Sorted.
    pub clusters: Vec<String>,
    /// How many things could not be judged: objects, and checks of rules.
    pub undetermined: usize,
    /// How many of them are checks of rules.
    pub inconclusive: usize,
    /// The layout that sets defaults, and why.
    pub profile: Option<(&'static str, String)>,
    /// The releases of Flux of the clusters, in their order; `None` where no file says it.
    pub flux: Vec<Option<String>>,
    /// How many findings comments and exceptions silenced.
    pub silenced: usize,
    /// How many findings the baseline holds.
    pub known: usize,
    /// How many findings are in other repositories than the one that the run was restricted to.
    pub elsewhere: usize,
    /// The day on which exceptions were judged, if any expires.
    pub today: Option<String>,
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

    /// By repository, revision (null first), file, line, column, rule, message; notes by message, then place; what could not
    /// be judged by place, then text. What has no place comes first.
    pub fn sort(&mut self, files: &Files) {
        self.findings.sort_by_cached_key(|finding| {
            let location = finding.place.span().map(|span| Location::of(span, files));
            (location, finding.rule, finding.message.clone(), finding.object.clone(), finding.clusters.clone())
        });
        self.notes.sort_by_cached_key(|note| {
            let span = note.place.as_ref().and_then(|place| place.span());
            (note.message.clone(), span.map(|span| Location::of(span, files)), note.clusters.clone())
        });
        self.undetermined.sort_by_cached_key(|it| {
            let location = it.place.map(|span| Location::of(span, files));
            (location, it.subject.clone(), it.reason.clone(), it.clusters.clone())
        });
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::yaml::Span;

    #[test]
    fn the_order_of_reading_does_not_show() {
        let sorted = |paths: [&str; 2]| {
            let files = Files::default();
            let undetermined = paths.map(|path| {
                let file = files.add("fleet".into(), None, path.to_owned(), b"a: b".to_vec());
                let place = Some(Span { file: file.id, start: 0, end: 1 });
                let (subject, reason) = ("ConfigMap a/b".to_owned(), "unknown".to_owned());
                Undetermined { subject, place, reason, clusters: BTreeSet::new(), is_declared: false }
            });
            let mut report = Report { undetermined: undetermined.to_vec(), ..Report::default() };
            report.sort(&files);
            let paths =
                report.undetermined.iter().filter_map(|it| it.place).map(|place| files.get(place.file).path.clone());
            paths.collect::<Vec<_>>()
        };
        assert_eq!(sorted(["b.yaml", "a.yaml"]), ["a.yaml", "b.yaml"]);
        assert_eq!(sorted(["a.yaml", "b.yaml"]), ["a.yaml", "b.yaml"]);
    }
}
