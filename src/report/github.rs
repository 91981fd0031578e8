//! `--format github`: workflow commands, which GitHub Actions turns into annotations.
//!
//! The form of commands is in docs.github.com, "Workflow commands for GitHub Actions"; what is escaped in them, in
//! `packages/core/src/command.ts` of github.com/actions/toolkit.

use sha2::{Digest, Sha256};

use super::Report;
use super::entry::{Entry, worst_first};
use super::escape::visible;
use super::line;
use super::paths::Paths;
use super::summary::{counted, summary};
use crate::finding::Severity;
use crate::source::Files;

/// How many annotations of each level GitHub takes from one step. It drops the others silently
/// (actions/toolkit, docs/problem-matchers.md, "Limitations").
const MAX_PER_LEVEL: usize = 10;

/// The levels, worst first, with their commands.
const LEVELS: [(Severity, &str); 3] =
    [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Info, "notice")];

/// The report as workflow commands: errors first, the first ones of each level. The others, the notes and the summary follow
/// as text in which nothing is a command.
pub fn github(report: &Report, files: &Files) -> String {
    let paths = Paths::new(report);
    let entries = worst_first(report, files);
    let (mut commands, mut rest) = (String::new(), String::new());
    for (severity, name) in LEVELS {
        let of_level: Vec<&Entry<'_>> = entries.iter().filter(|entry| entry.finding.severity == severity).collect();
        commands.extend(of_level.iter().take(MAX_PER_LEVEL).map(|entry| command(name, entry, report, &paths)));
        let more = of_level.get(MAX_PER_LEVEL..).unwrap_or_default();
        if !more.is_empty() {
            let word = severity.as_str();
            rest.push_str(&format!("and {}, for which GitHub has no annotation:\n", counted_more(more.len(), word)));
            rest.extend(more.iter().map(|entry| line::finding(entry, &paths)));
        }
    }
    rest.extend(line::notes(report, files));
    rest.push_str(&visible(&summary(report), true));
    rest.push('\n');
    commands + &quoted(&rest)
}

fn counted_more(count: usize, word: &str) -> String {
    let counted = counted(count, word);
    counted.replacen(' ', " more ", 1)
}

/// A text in which the runner takes no line for a command: whatever ends that cannot be in it.
fn quoted(text: &str) -> String {
    let token: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("::stop-commands::{token}\n{text}::{token}::\n")
}

fn command(name: &str, entry: &Entry<'_>, report: &Report, paths: &Paths<'_>) -> String {
    let mut properties: Vec<(&str, String)> = Vec::new();
    if let Some((spot, path)) = entry.place.as_ref().zip(entry.path(paths)) {
        let place = &spot.location;
        properties.extend([("file", path), ("line", place.line.to_string()), ("endLine", place.end_line.to_string())]);
        // Columns of places on several lines are refused.
        if place.line == place.end_line {
            properties.extend([("col", place.column.to_string()), ("endColumn", place.end_column.to_string())]);
        }
    }
    properties.push(("title", entry.finding.rule.to_owned()));
    let properties: Vec<String> =
        properties.iter().map(|(name, value)| format!("{name}={}", property(value))).collect();
    let help = entry.finding.help.as_ref().map(|help| format!("help: {help}"));
    let clusters = entry.clusters(report).map(|clusters| format!("on: {clusters}"));
    let lines = [Some(entry.message()), help, clusters].into_iter().flatten();
    let lines: Vec<String> = lines.map(|line| data(&visible(&line, true))).collect();
    format!("::{name} {}::{}\n", properties.join(","), lines.join("%0A"))
}

/// The message of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command.
fn property(text: &str) -> String {
    data(&visible(text, true)).replace(':', "%3A").replace(',', "%2C")
}
