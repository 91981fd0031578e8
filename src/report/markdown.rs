//! `--format markdown`: for a comment on a pull request, and the summary of a job.
//!
//! Nothing from a repository is markup: what is in backticks becomes code, and all other punctuation is escaped.

use super::Report;
use super::entry::{Entry, Spot, worst_first};
use super::escape::printable;
use super::pages;
use super::paths::{Paths, full};
use super::summary::{counts, summary};
use crate::finding::Severity;
use crate::source::Files;

/// The first line, by which a comment is found again.
const MARK: &str = "<!-- fleetlint -->\n";

/// How long a comment may be, in bytes: GitHub takes 65,536 characters ("Body is too long"). The summary of a step may have
/// 1 MiB.
const MAX_LENGTH: usize = 65_536;

/// What is kept free for the lines at the end.
const END_LENGTH: usize = 4_096;

/// The characters that mean something inside a line.
const MARKUP: &str = "\\`*_[]<>~&$|";

/// How many notes are listed.
const MAX_NOTES: usize = 20;

/// The report as Markdown: errors first.
pub fn markdown(report: &Report, files: &Files) -> String {
    let paths = Paths::new(report);
    let title = counts(report).unwrap_or_else(|| "nothing found".to_owned());
    let mut text = format!("{MARK}### fleetlint: {title}\n\n");
    let entries = worst_first(report, files);
    let mut shown = 0;
    for entry in &entries {
        let item = item(entry, report, &paths);
        if text.len() + item.len() > MAX_LENGTH - END_LENGTH {
            break;
        }
        text.push_str(&item);
        shown += 1;
    }
    if let Some(more) = entries.len().checked_sub(shown).filter(|more| *more > 0) {
        text.push_str(&format!("\nand {more} more, for which there is no room here\n"));
    }
    if shown > 0 {
        text.push('\n');
    }
    text.push_str(&notes(report, files, MAX_LENGTH - text.len()));
    text + &prose(&summary(report)) + "\n"
}

fn item(entry: &Entry<'_>, report: &Report, paths: &Paths<'_>) -> String {
    let finding = entry.finding;
    let level = match finding.severity {
        Severity::Error => "**error**",
        Severity::Warning => "**warning**",
        Severity::Info => "info",
    };
    let rule = format!("[{}]({})", code(finding.rule), pages::url(finding.rule));
    let place = entry.place.as_ref().zip(entry.path(paths));
    let place = place.map(|(spot, path)| code(&format!("{path}:{}:{}", spot.location.line, spot.location.column)));
    let elsewhere = entry.elsewhere.as_ref().map(|spot| format!("in {}", code(&spot.full())));
    let clusters = entry.clusters(report).map(|clusters| format!("on {}", prose(&clusters)));
    let help = finding.help.as_ref().map(|help| format!("help: {}", prose(help)));
    let lines = [Some(format!("{level} {rule}: {}", prose(&finding.message))), place, elsewhere, clusters, help];
    let lines: Vec<String> = lines.into_iter().flatten().collect();
    format!("- {}\n", lines.join("\\\n  "))
}

/// What was not judged, as far as there is room.
fn notes(report: &Report, files: &Files, room: usize) -> String {
    if report.notes.is_empty() || !report.detail.shows_notes() {
        return String::new();
    }
    let mut text = "Not judged, or worth knowing:\n".to_owned();
    let most = report.detail.most(MAX_NOTES);
    let mut shown = 0;
    for note in report.notes.iter().take(most) {
        let spot = note.place.as_ref().and_then(|place| Spot::new(place, files));
        let place = spot.map(|spot| format!(" ({})", code(&format!("{}:{}", full(&spot.file), spot.location.line))));
        let help = note.help.as_ref().map(|help| format!("\\\n  help: {}", prose(help)));
        let item = format!("- {}{}{}\n", prose(&note.message), place.unwrap_or_default(), help.unwrap_or_default());
        if text.len() + item.len() + END_LENGTH / 2 > room {
            break;
        }
        text.push_str(&item);
        shown += 1;
    }
    if let Some(more) = report.notes.len().checked_sub(shown).filter(|more| *more > 0) {
        text.push_str(&format!("- and {more} more\n"));
    }
    text + "\n"
}

/// A sentence whose values are in backticks.
fn prose(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    let last = parts.len() - 1;
    let shown = parts.iter().enumerate().map(|(at, part)| match at % 2 {
        0 => escaped(part),
        // A backtick that opens nothing.
        _ if at == last => format!("\\`{}", escaped(part)),
        _ => code(part),
    });
    shown.collect()
}

/// Text inside a line that is no markup. GitHub also makes links of `@name` and `#1`, in which no backslash helps.
fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in printable(text).chars() {
        match c {
            '@' => shown.push('＠'),
            '#' => shown.push('＃'),
            // `http://x` and `www.x` would be links.
            '/' if shown.ends_with([':', '/']) => shown.push_str("\\/"),
            '.' if shown.to_ascii_lowercase().ends_with("www") => shown.push_str("\\."),
            c if MARKUP.contains(c) => shown.extend(['\\', c]),
            c => shown.push(c),
        }
    }
    shown
}

/// Text as code: between more backticks than it has in a row.
fn code(text: &str) -> String {
    let text = printable(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    match text.as_str() {
        "" => String::new(),
        _ if longest > 0 || text.starts_with(' ') => format!("{fence} {text} {fence}"),
        _ => format!("{fence}{text}{fence}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_a_repository_is_markup() {
        let cases = [
            ("`a` is <img src=x>", "`a` is \\<img src=x\\>"),
            ("`<img>` and `", "`<img>` and \\`"),
            ("@me #1 [x](http://y) www.z", "＠me ＃1 \\[x\\](http:\\/\\/y) www\\.z"),
            ("`` x", " x"),
        ];
        cases.iter().for_each(|(text, expected)| assert_eq!(prose(text), *expected));
        assert_eq!(code("a`b``c"), "``` a`b``c ```");
    }
}
