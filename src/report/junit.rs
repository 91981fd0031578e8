//! `--format junit`: one test per rule and cluster, so that what is well counts, too.

use std::collections::BTreeSet;

use super::Report;
use super::entry::{Entry, entries};
use super::line;
use super::paths::Paths;
use super::xml::{Element, document};
use crate::finding::{Note, Severity};
use crate::source::Files;

/// The report as XML: a suite per cluster, and one for what concerns no cluster in particular.
pub fn junit(report: &Report, files: &Files) -> String {
    let paths = Paths::new(report);
    let entries = entries(report, files);
    let clusters = report.summary.clusters.iter().map(|name| Some(name.as_str()));
    let suites: Vec<Suite> = clusters
        .chain([None])
        .map(|cluster| Suite::new(report, cluster, &entries, &paths))
        .filter(|suite| suite.tests > 0 || suite.has_notes)
        .collect();
    let sum = |count: fn(&Suite) -> usize| suites.iter().map(count).sum::<usize>().to_string();
    let root = Element::new("testsuites")
        .attribute("name", "fleetlint")
        .attribute("tests", sum(|suite| suite.tests))
        .attribute("failures", sum(|suite| suite.failures))
        .attribute("errors", "0")
        .attribute("skipped", sum(|suite| suite.skipped));
    document(&root.children(suites.into_iter().map(|suite| suite.element)))
}

struct Suite {
    element: Element,
    tests: usize,
    failures: usize,
    skipped: usize,
    has_notes: bool,
}

/// What became of a rule on a cluster.
enum Outcome {
    Passed,
    Failed,
    /// It could not judge something there: that is not passed.
    Skipped,
}

impl Suite {
    /// The tests of a cluster; without one, those of findings and notes that concern no cluster in particular.
    fn new(report: &Report, cluster: Option<&str>, entries: &[Entry<'_>], paths: &Paths<'_>) -> Self {
        let concerns = |clusters: &BTreeSet<String>| match cluster {
            Some(name) => clusters.contains(name),
            None => clusters.is_empty(),
        };
        let (mut tests, mut failures, mut skipped) = (Vec::new(), 0, 0);
        for rule in rules(report) {
            let found: Vec<&Entry<'_>> = entries
                .iter()
                .filter(|entry| entry.finding.rule == rule && concerns(&entry.finding.clusters))
                .collect();
            let open: Vec<&Note> =
                report.notes.iter().filter(|note| note.rule == Some(rule) && concerns(&note.clusters)).collect();
            // What concerns no cluster in particular is not a test of every rule.
            if cluster.is_none() && found.is_empty() && open.is_empty() && !report.summary.clusters.is_empty() {
                continue;
            }
            let (test, outcome) = test(rule, cluster.unwrap_or("fleet"), &found, &open, paths);
            match outcome {
                Outcome::Passed => {}
                Outcome::Failed => failures += 1,
                Outcome::Skipped => skipped += 1,
            }
            tests.push(test);
        }
        let count = tests.len();
        let notes = report.notes.iter().filter(|note| note.rule.is_none() && concerns(&note.clusters));
        let notes: Vec<String> = notes.map(|note| format!("note: {}", note.message)).collect();
        let has_notes = !notes.is_empty();
        let notes = has_notes.then(|| Element::new("system-out").text(&notes.join("\n")));
        let element = Element::new("testsuite")
            .attribute("name", cluster.unwrap_or("fleet"))
            .attribute("tests", count.to_string())
            .attribute("failures", failures.to_string())
            .attribute("errors", "0")
            .attribute("skipped", skipped.to_string())
            .children(tests)
            .children(notes);
        Self { element, tests: count, failures, skipped, has_notes }
    }
}

/// The rules that ran, and those of findings that none of them made.
fn rules(report: &Report) -> Vec<&'static str> {
    let ran: Vec<&'static str> = report.rules.iter().map(|rule| rule.id).collect();
    let found: BTreeSet<&'static str> = report.findings.iter().map(|finding| finding.rule).collect();
    let others = found.into_iter().filter(|rule| !ran.contains(rule)).collect::<Vec<_>>();
    ran.into_iter().chain(others).collect()
}

fn test(rule: &str, cluster: &str, found: &[&Entry<'_>], open: &[&Note], paths: &Paths<'_>) -> (Element, Outcome) {
    let test = Element::new("testcase").attribute("classname", cluster).attribute("name", rule);
    let lines = |entries: &[&&Entry<'_>]| entries.iter().map(|entry| line::finding(entry, paths)).collect::<String>();
    let (bad, infos): (Vec<&&Entry<'_>>, Vec<_>) =
        found.iter().partition(|entry| entry.finding.severity > Severity::Info);
    // What it could not judge besides is not lost where it failed.
    let also = if bad.is_empty() { &[] } else { open };
    let also = also.iter().map(|note| format!("note: {}\n", note.message)).collect::<String>();
    let out = lines(&infos) + &also;
    let out = (!out.is_empty()).then(|| Element::new("system-out").text(out.trim_end()));
    let worst = bad.iter().max_by_key(|entry| entry.finding.severity);
    if let Some(worst) = worst {
        let message = match bad.len() {
            1 => worst.message(),
            many => format!("{many} findings"),
        };
        let failure = Element::new("failure").attribute("message", message);
        let failure = failure.attribute("type", worst.finding.severity.as_str()).text(lines(&bad).trim_end());
        return (test.children([failure]).children(out), Outcome::Failed);
    }
    match open.first() {
        Some(note) => {
            let skipped = Element::new("skipped").attribute("message", note.message.as_str());
            (test.children([skipped]).children(out), Outcome::Skipped)
        }
        None => (test.children(out), Outcome::Passed),
    }
}
