//! `--format line`: `file:line:col: level rule message`, for editors and `grep`.

use super::Report;
use super::entry::{Entry, Spot, entries};
use super::escape::visible;
use super::paths::{Paths, full};
use crate::source::Files;

/// One line per finding, then one per note. Places are those where a person edits, if the disk holds the file.
pub fn line(report: &Report, files: &Files) -> String {
    let paths = Paths::new(report);
    let findings = entries(report, files).into_iter().map(|entry| finding(&entry, &paths));
    findings.chain(notes(report, files)).collect()
}

/// A finding.
pub(super) fn finding(entry: &Entry<'_>, paths: &Paths<'_>) -> String {
    let (rule, level) = (entry.finding.rule, entry.finding.severity.as_str());
    let own = entry.elsewhere.as_ref().filter(|spot| paths.on_disk(&spot.file).is_some());
    let message = if own.is_some() { entry.finding.message.clone() } else { entry.message() };
    let place = match own.or(entry.place.as_ref()) {
        Some(spot) => place(spot, paths),
        // Programs that read this expect a place.
        None => ".:1:1".to_owned(),
    };
    visible(&format!("{place}: {level} {rule} {message}"), true) + "\n"
}

/// The notes: what was not judged.
pub(super) fn notes<'a>(report: &'a Report, files: &'a Files) -> impl Iterator<Item = String> + 'a {
    let paths = Paths::new(report);
    report.notes.iter().filter(|_| report.detail.shows_notes()).map(move |note| {
        let spot = note.place.as_ref().and_then(|place| Spot::new(place, files));
        let place = spot.map(|spot| format!("{}: ", place(&spot, &paths))).unwrap_or_default();
        visible(&format!("{place}note {} {}", note.reason, note.message), true) + "\n"
    })
}

fn place(spot: &Spot, paths: &Paths<'_>) -> String {
    let name = paths.on_disk(&spot.file).unwrap_or_else(|| full(&spot.file));
    format!("{name}:{}:{}", spot.location.line, spot.location.column)
}
