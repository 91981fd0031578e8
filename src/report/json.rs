//! `--format json`: stable from the first release on; change it only by adding.

use serde::Serialize;

use super::{Location, Report, escape, fingerprint};
use crate::finding::{Finding, Place, Severity};
use crate::source::Files;

/// The report as one JSON object, with a final newline.
pub fn json(report: &Report, files: &Files) -> String {
    let summary = &report.summary;
    let document = Document {
        version: 1,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        summary: Counts {
            files: summary.files,
            documents: summary.documents,
            objects: summary.objects,
            clusters: &summary.clusters,
            errors: report.count(Severity::Error),
            warnings: report.count(Severity::Warning),
            infos: report.count(Severity::Info),
            undetermined: summary.undetermined,
        },
        notes: notes(report, files),
        findings: report.findings.iter().map(|finding| item(finding, files)).collect(),
    };
    let text = serde_json::to_string_pretty(&document).unwrap_or_default();
    escape::json(&text) + "\n"
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    tool: Tool,
    summary: Counts<'a>,
    notes: Vec<Message<'a>>,
    findings: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Counts<'a> {
    files: usize,
    documents: usize,
    objects: usize,
    clusters: &'a [String],
    errors: usize,
    warnings: usize,
    infos: usize,
    undetermined: usize,
}

#[derive(Serialize, PartialEq)]
struct Message<'a> {
    message: &'a str,
    location: Option<Location>,
}

#[derive(Serialize)]
struct Item<'a> {
    rule: &'a str,
    severity: &'static str,
    message: &'a str,
    help: Option<&'a str>,
    clusters: Vec<&'a str>,
    object: Option<Object<'a>>,
    location: Option<Location>,
    related: Vec<Message<'a>>,
    fingerprint: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Object<'a> {
    api_version: &'a str,
    kind: &'a str,
    namespace: Option<&'a str>,
    name: &'a str,
}

fn item<'a>(finding: &'a Finding, files: &Files) -> Item<'a> {
    let object = finding.object.as_ref().map(|object| Object {
        api_version: &object.api_version,
        kind: &object.kind,
        namespace: object.namespace.as_deref(),
        name: &object.name,
    });
    let related = finding.related.iter();
    let related = related.map(|(place, label)| Message { message: label, location: location(Some(place), files) });
    Item {
        rule: finding.rule,
        severity: finding.severity.as_str(),
        message: &finding.message,
        help: finding.help.as_deref(),
        clusters: finding.clusters.iter().map(String::as_str).collect(),
        object,
        location: location(Some(&finding.place), files),
        related: related.collect(),
        fingerprint: fingerprint(finding),
    }
}

/// Notes that differ in their clusters only are one.
fn notes<'a>(report: &'a Report, files: &Files) -> Vec<Message<'a>> {
    let notes = report.notes.iter();
    let notes = notes.map(|note| Message { message: &note.message, location: location(note.place.as_ref(), files) });
    let mut notes: Vec<Message<'_>> = notes.collect();
    notes.dedup();
    notes
}

fn location(place: Option<&Place>, files: &Files) -> Option<Location> {
    Some(Location::of(place?.span?, files))
}
