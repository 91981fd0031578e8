//! `--format sarif`: SARIF 2.1.0 as code scanning of GitHub reads it.
//!
//! The limits and the fields that have to be there are those of docs.github.com, "SARIF support for code scanning".

mod format;
mod rules;

use std::collections::BTreeMap;

use super::entry::{Entry, Spot, worst_first};
use super::escape::{self, printable};
use super::paths::Paths;
use super::{Home, Report};
use crate::finding::Note;
use crate::source::Files;
use format::{
    ArtifactLocation, AutomationDetails, BaseId, Descriptor, Driver, Fingerprints, Invocation, Location, Log, Message,
    Notification, NotificationKind, PhysicalLocation, Region, ResultProperties, Run, SarifResult, Tool,
};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The root of the repository that is checked.
const ROOT: &str = "%SRCROOT%";

/// More results are refused.
const MAX_RESULTS: usize = 25_000;

/// More related places are not shown.
const MAX_RELATED: usize = 100;

/// The report as one SARIF log.
pub fn sarif(report: &Report, files: &Files) -> String {
    let writer = Writer { report, files, paths: Paths::new(report) };
    let blocked = report.discovery.blocked.as_ref();
    let mut notifications: Vec<Notification> = blocked.iter().map(|why| failure(&why.to_string())).collect();
    notifications.extend(report.notes.iter().map(|note| writer.notification(note)));
    let rules = writer.rules();
    let index: BTreeMap<&str, usize> = rules.iter().enumerate().map(|(at, rule)| (rule.id, at)).collect();
    // Nothing can be shown without a place.
    let (placed, others): (Vec<Entry<'_>>, Vec<_>) =
        worst_first(report, files).into_iter().partition(|entry| entry.place.is_some());
    let unplaced = |entry: &Entry<'_>| Notification {
        level: rules::level(entry.finding.severity),
        message: text(&entry.message()),
        descriptor: Some(NotificationKind { id: entry.finding.rule.to_owned() }),
        locations: Vec::new(),
    };
    notifications.extend(others.iter().map(unplaced));
    if let Some(more) = placed.len().checked_sub(MAX_RESULTS).filter(|more| *more > 0) {
        let message = format!("{more} more findings are left out: code scanning takes {MAX_RESULTS}");
        notifications.push(Notification { level: "warning", ..failure(&message) });
    }
    let results = placed.iter().take(MAX_RESULTS).map(|entry| writer.result(entry, &index)).collect();
    let invocation =
        Invocation { execution_successful: blocked.is_none(), tool_execution_notifications: notifications };
    let cluster = report.cluster.as_ref().map(|name| format!("{}/", printable(name))).unwrap_or_default();
    log(rules, &cluster, invocation, writer.bases(), results)
}

/// The log of a run that failed, and why: whoever reads it must not take it for one that found nothing.
pub fn failed_sarif(why: &str) -> String {
    let invocation = Invocation { execution_successful: false, tool_execution_notifications: vec![failure(why)] };
    log(Vec::new(), "", invocation, BTreeMap::from([root()]), Vec::new())
}

/// `part` is what this run is about, where others are about the rest: code scanning keeps only one of each category, which
/// is what comes before the last `/`.
fn log<'a>(
    rules: Vec<Descriptor<'a>>,
    part: &str,
    invocation: Invocation,
    bases: BTreeMap<String, BaseId>,
    results: Vec<SarifResult<'a>>,
) -> String {
    let driver = Driver { name: env!("CARGO_PKG_NAME"), semantic_version: env!("CARGO_PKG_VERSION"), rules };
    let run = Run {
        tool: Tool { driver },
        automation_details: AutomationDetails { id: format!("fleetlint/{part}") },
        invocations: [invocation],
        original_uri_base_ids: bases,
        column_kind: "utf16CodeUnits",
        results,
    };
    let log = Log { schema: SCHEMA, version: "2.1.0", runs: [run] };
    escape::json(&serde_json::to_string_pretty(&log).unwrap_or_default()) + "\n"
}

fn failure(why: &str) -> Notification {
    Notification { level: "error", message: text(why), descriptor: None, locations: Vec::new() }
}

fn root() -> (String, BaseId) {
    (ROOT.to_owned(), BaseId { description: text("the root of the repository that is checked") })
}

/// A text in which nothing is a link: in SARIF `[text](1)` is one.
fn text(text: &str) -> Message {
    Message { text: unlinked(text) }
}

fn unlinked(text: &str) -> String {
    printable(text).replace("](", "] (")
}

struct Writer<'a> {
    report: &'a Report,
    files: &'a Files,
    paths: Paths<'a>,
}

impl<'a> Writer<'a> {
    /// The rules that ran, and those of findings that none of them made.
    fn rules(&self) -> Vec<Descriptor<'a>> {
        let mut rules: Vec<Descriptor<'a>> = self.report.rules.iter().map(|rule| rules::descriptor(rule)).collect();
        for finding in &self.report.findings {
            if !rules.iter().any(|known| known.id == finding.rule) {
                rules.push(rules::unknown(finding.rule, finding.severity));
            }
        }
        rules
    }

    /// What the paths of places count from.
    fn bases(&self) -> BTreeMap<String, BaseId> {
        let others = self.report.repositories.iter().filter(|it| *it.name != *self.report.home.repository);
        let other = |name: &str| BaseId { description: text(&format!("the root of the repository {name}")) };
        others.map(|it| (printable(&it.name), other(&it.name))).chain([root()]).collect()
    }

    fn result(&self, entry: &Entry<'a>, rules: &BTreeMap<&str, usize>) -> SarifResult<'a> {
        let finding = entry.finding;
        let related: Vec<(Spot, &str)> = finding
            .related
            .iter()
            .filter_map(|(place, label)| Some((Spot::new(place, self.files)?, &**label)))
            .collect();
        let elsewhere = entry.elsewhere.iter().map(|spot| self.location(spot, Some("the finding")));
        let shown = related.iter().take(MAX_RELATED).map(|(spot, label)| self.location(spot, Some(label)));
        let mut locations: Vec<Location> = elsewhere.chain(shown).collect();
        locations.iter_mut().enumerate().for_each(|(at, location)| location.id = Some(at + 1));
        SarifResult {
            rule_id: finding.rule,
            rule_index: rules.get(finding.rule).copied().unwrap_or_default(),
            level: rules::level(finding.severity),
            message: Message { text: self.message(entry, &related) },
            locations: entry.place.iter().map(|spot| self.location(spot, None)).collect(),
            related_locations: locations,
            partial_fingerprints: Fingerprints { primary_location_line_hash: &finding.fingerprint },
            properties: ResultProperties { clusters: finding.clusters.iter().map(String::as_str).collect() },
        }
    }

    /// What is wrong, what to do, the other places, the clusters. Places of this repository are links: only then are they
    /// shown.
    fn message(&self, entry: &Entry<'_>, related: &[(Spot, &str)]) -> String {
        let mut lines = vec![unlinked(&entry.message())];
        lines.extend(entry.finding.help.iter().map(|help| format!("help: {}", unlinked(help))));
        let before = usize::from(entry.elsewhere.is_some());
        for (at, (spot, label)) in related.iter().take(MAX_RELATED).enumerate() {
            let label = unlinked(label);
            lines.push(match spot.is_in(&self.report.home) {
                true => {
                    let path = self.paths.in_repository(&spot.file);
                    let name = linked(&format!("{path}:{}", spot.location.line));
                    format!("{label}: [{name}]({})", at + 1 + before)
                }
                false => format!("{label}: {}", unlinked(&spot.full())),
            });
        }
        if let Some(more) = related.len().checked_sub(MAX_RELATED).filter(|more| *more > 0) {
            lines.push(format!("and {more} more places"));
        }
        lines.extend(entry.clusters(self.report).map(|clusters| format!("on: {}", unlinked(&clusters))));
        lines.join("\n")
    }

    fn notification(&self, note: &Note) -> Notification {
        let spot = note.place.as_ref().and_then(|place| Spot::new(place, self.files));
        let message = match &spot {
            Some(spot) if !spot.is_in(&self.report.home) => format!("{} (in {})", note.message, spot.full()),
            _ => note.message.clone(),
        };
        let help = note.help.as_ref().map(|help| format!("\nhelp: {}", unlinked(help))).unwrap_or_default();
        Notification {
            level: "note",
            message: Message { text: unlinked(&message) + &help },
            descriptor: Some(NotificationKind { id: note.reason.to_owned() }),
            locations: spot.iter().map(|spot| self.location(spot, None)).collect(),
        }
    }

    fn location(&self, spot: &Spot, label: Option<&str>) -> Location {
        let place = &spot.location;
        let (path, base) = location_path(spot, &self.report.home, &self.paths);
        Location {
            id: None,
            physical_location: PhysicalLocation {
                artifact_location: ArtifactLocation { uri: encoded(&path), uri_base_id: base },
                region: Region {
                    start_line: place.line,
                    start_column: spot.file.utf16_column(spot.span.start),
                    end_line: place.end_line,
                    end_column: spot.file.utf16_column(spot.span.end.max(spot.span.start)),
                },
            },
            message: label.map(text),
        }
    }
}

/// The path of a place, and what it counts from.
fn location_path(spot: &Spot, home: &Home, paths: &Paths<'_>) -> (String, String) {
    match spot.is_in(home) {
        true => (paths.in_repository(&spot.file), ROOT.to_owned()),
        false => (spot.file.path.clone(), printable(&spot.file.repository)),
    }
}

/// The text of a link.
fn linked(text: &str) -> String {
    unlinked(text).replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}

/// A path as a relative URI.
fn encoded(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}
