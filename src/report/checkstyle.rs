//! `--format checkstyle`: XML that reviewdog and Jenkins read.

use super::Report;
use super::entry::{Entry, entries};
use super::paths::Paths;
use super::xml::{Element, document};
use crate::source::Files;

/// The version of Checkstyle whose form this is; readers look at it.
const VERSION: &str = "4.3";

/// The report as XML: files by path, each with its findings.
pub fn checkstyle(report: &Report, files: &Files) -> String {
    let paths = Paths::new(report);
    let mut by_file: Vec<(String, Vec<Element>)> = Vec::new();
    for entry in entries(report, files) {
        let path = entry.path(&paths).unwrap_or_else(|| ".".to_owned());
        let error = error(&entry);
        match by_file.iter_mut().find(|(known, _)| *known == path) {
            Some((_, errors)) => errors.push(error),
            None => by_file.push((path, vec![error])),
        }
    }
    by_file.sort_by(|(left, _), (right, _)| left.cmp(right));
    let files = by_file.into_iter().map(|(path, errors)| Element::new("file").attribute("name", path).children(errors));
    document(&Element::new("checkstyle").attribute("version", VERSION).children(files))
}

fn error(entry: &Entry<'_>) -> Element {
    let (line, column) = entry.place.as_ref().map_or((1, 1), |spot| (spot.location.line, spot.location.column));
    let help = entry.finding.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
    Element::new("error")
        .attribute("line", line.to_string())
        .attribute("column", column.to_string())
        .attribute("severity", entry.finding.severity.as_str())
        .attribute("message", format!("{}{help}", entry.message()))
        .attribute("source", format!("fleetlint.{}", entry.finding.rule.replace('/', ".")))
}
