//! `--format gitlab`: the Code Quality report of GitLab (docs.gitlab.com/ci/testing/code_quality).

use serde::Serialize;

use super::Report;
use super::entry::{Entry, entries};
use super::escape;
use super::paths::Paths;
use crate::finding::Severity;
use crate::source::Files;

/// The report as one JSON array, without a byte order mark; `[]` where nothing was found.
pub fn gitlab(report: &Report, files: &Files) -> String {
    let paths = Paths::new(report);
    let issues: Vec<Issue<'_>> = entries(report, files).iter().map(|entry| issue(entry, &paths)).collect();
    escape::json(&serde_json::to_string_pretty(&issues).unwrap_or_default()) + "\n"
}

/// The fields that GitLab reads; it drops issues that lack one, and all but one of those that share a fingerprint.
#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: &'a str,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

fn issue<'a>(entry: &Entry<'a>, paths: &Paths<'_>) -> Issue<'a> {
    let begin = entry.place.as_ref().map_or(1, |spot| spot.location.line);
    Issue {
        description: escape::printable(&entry.message()),
        check_name: entry.finding.rule,
        fingerprint: &entry.finding.fingerprint,
        severity: severity(entry.finding.severity),
        location: Location { path: entry.path(paths).unwrap_or_else(|| ".".to_owned()), lines: Lines { begin } },
    }
}

/// GitLab has `info`, `minor`, `major`, `critical` and `blocker`.
fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "critical",
        Severity::Warning => "minor",
        Severity::Info => "info",
    }
}
