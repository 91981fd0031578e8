//! `--format json`: stable from the first release on; change it only by adding.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::discovery::DiscoveryItem;
use super::{Report, Repository, escape};
use crate::finding::{Finding, Place, Severity};
use crate::fleet::Undetermined;
use crate::locate::Location;
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
            inconclusive: summary.inconclusive,
            silenced: summary.silenced,
            known: summary.known,
            elsewhere: (summary.elsewhere > 0).then_some(summary.elsewhere),
            today: summary.today.as_deref(),
            profile: summary.profile.as_ref().map(|(kind, reason)| ProfileItem { kind, reason }),
            flux: summary.clusters.iter().map(String::as_str).zip(summary.flux.iter().map(Option::as_deref)).collect(),
        },
        discovery: DiscoveryItem::new(&report.discovery, files),
        repositories: &report.repositories,
        notes: notes(report, files),
        undetermined: report
            .shows_undetermined
            .then(|| report.undetermined.iter().map(|it| undetermined(it, files)).collect()),
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
    discovery: DiscoveryItem<'a>,
    repositories: &'a [Repository],
    notes: Vec<NoteItem<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    undetermined: Option<Vec<UndeterminedItem<'a>>>,
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
    inconclusive: usize,
    silenced: usize,
    known: usize,
    /// The findings in other repositories than that of `--repository`, if there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    elsewhere: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    today: Option<&'a str>,
    profile: Option<ProfileItem<'a>>,
    flux: BTreeMap<&'a str, Option<&'a str>>,
}

#[derive(Serialize)]
struct ProfileItem<'a> {
    kind: &'a str,
    reason: &'a str,
}

/// A note; the fields of a message first.
#[derive(Serialize, PartialEq)]
struct NoteItem<'a> {
    message: &'a str,
    location: Option<Location>,
    reason: &'static str,
    rule: Option<&'static str>,
    help: Option<&'a str>,
    clusters: BTreeSet<&'a str>,
    count: usize,
}

/// Something that could not be judged.
#[derive(Serialize)]
struct UndeterminedItem<'a> {
    subject: &'a str,
    reason: &'a str,
    clusters: Vec<&'a str>,
    /// Only what the configuration declares to be elsewhere is missing: it does not count.
    declared: bool,
    location: Option<Location>,
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
    helps: Vec<&'a str>,
    clusters: Vec<&'a str>,
    object: Option<Object<'a>>,
    location: Option<Location>,
    related: Vec<Message<'a>>,
    /// How many findings follow from this one and are left out.
    consequences: usize,
    fingerprint: &'a str,
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
        helps: finding.help.as_deref().into_iter().collect(),
        clusters: finding.clusters.iter().map(String::as_str).collect(),
        object,
        location: location(Some(&finding.place), files),
        related: related.collect(),
        consequences: finding.consequences.len(),
        fingerprint: &finding.fingerprint,
    }
}

/// Notes that differ in their clusters only are one.
fn notes<'a>(report: &'a Report, files: &Files) -> Vec<NoteItem<'a>> {
    let mut notes: Vec<NoteItem<'_>> = Vec::new();
    for note in &report.notes {
        let clusters = note.clusters.iter().map(String::as_str).collect();
        let item = NoteItem {
            message: &note.message,
            location: location(note.place.as_ref(), files),
            reason: note.reason,
            rule: note.rule,
            help: note.help.as_deref(),
            clusters,
            count: note.count,
        };
        match notes.last_mut().filter(|last| last.message == item.message && last.location == item.location) {
            Some(last) => last.clusters.extend(item.clusters),
            None => notes.push(item),
        }
    }
    notes
}

fn undetermined<'a>(undetermined: &'a Undetermined, files: &Files) -> UndeterminedItem<'a> {
    UndeterminedItem {
        subject: &undetermined.subject,
        reason: &undetermined.reason,
        clusters: undetermined.clusters.iter().map(String::as_str).collect(),
        declared: undetermined.is_declared,
        location: undetermined.place.map(|place| Location::of(place, files)),
    }
}

fn location(place: Option<&Place>, files: &Files) -> Option<Location> {
    Some(Location::of(place?.span()?, files))
}
