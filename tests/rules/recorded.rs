//! What a run reports, as pages record it: read from the JSON report, the one form that stays.

use std::fmt::Write as _;

use serde_json::Value;

/// A finding, and how a page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) rule: String,
    /// `repository/file:line:column-column`, for comparison with marks.
    pub(crate) place: String,
    pub(crate) text: String,
}

/// The findings of a report, those of the given rule first.
pub(crate) fn findings(report: &str, rule: &str, fleet: &str) -> Vec<Finding> {
    let report: Value = serde_json::from_str(report).unwrap();
    let findings = report["findings"].as_array().unwrap().iter().map(|finding| Finding {
        rule: text(&finding["rule"]),
        place: place(&finding["location"]),
        text: shown(finding, fleet),
    });
    let mut findings: Vec<Finding> = findings.collect();
    findings.sort_by_key(|finding| finding.rule != rule);
    findings
}

/// A block of findings.
pub(crate) fn block(findings: &[Finding]) -> String {
    let texts: Vec<&str> = findings.iter().map(|finding| finding.text.as_str()).collect();
    texts.join("\n")
}

/// Where a mark or a finding is.
pub(crate) fn place(location: &Value) -> String {
    if location.is_null() {
        return "nowhere".to_owned();
    }
    format!("{}/{}:{}", text(&location["repository"]), text(&location["file"]), range(location))
}

/// Level, rule and message; then where, what to do, the other places, on which clusters.
fn shown(finding: &Value, fleet: &str) -> String {
    let level = text(&finding["severity"]);
    let mut shown = format!("{level}[{}]: {}\n", text(&finding["rule"]), text(&finding["message"]));
    let mut line = |name: &str, value: String| _ = writeln!(shown, "  {name}: {value}");
    line("at", at(&finding["location"], fleet));
    helps(finding).into_iter().for_each(|help| line("help", help));
    for related in finding["related"].as_array().into_iter().flatten() {
        line("note", format!("{}, at {}", text(&related["message"]), at(&related["location"], fleet)));
    }
    let clusters: Vec<String> = finding["clusters"].as_array().into_iter().flatten().map(text).collect();
    if !clusters.is_empty() {
        line("on", clusters.join(", "));
    }
    shown
}

/// All helps of a finding; `help` is the first one.
fn helps(finding: &Value) -> Vec<String> {
    match finding["helps"].as_array() {
        Some(helps) => helps.iter().map(text).collect(),
        None => finding["help"].as_str().map(str::to_owned).into_iter().collect(),
    }
}

/// A place as a reader of the page looks for it: the repository is named where it is not that of the fleet.
fn at(location: &Value, fleet: &str) -> String {
    if location.is_null() {
        return "no place".to_owned();
    }
    let (repository, revision) = (text(&location["repository"]), location["revision"].as_str());
    let tree = match revision {
        None if repository == fleet => String::new(),
        None => format!(" of {repository}"),
        Some(revision) => format!(" of {repository}, branch {revision}"),
    };
    format!("{}:{}{tree}", text(&location["file"]), range(location))
}

/// `line:column-column`, or `line:column-line:column` over several lines.
fn range(location: &Value) -> String {
    let [line, column, end_line, end_column] = ["line", "column", "end_line", "end_column"].map(|key| &location[key]);
    match line == end_line {
        true => format!("{line}:{column}-{end_column}"),
        false => format!("{line}:{column}-{end_line}:{end_column}"),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
