//! Writing to the terminal.

use std::io::{self, BufWriter, Write};

use crate::problem::Problem;
use crate::redact;
use crate::report;
use crate::run::RunError;
use crate::source::Files;
use crate::yaml::Span;

/// The exit status of a run that failed.
pub(super) const FAILED: u8 = 2;

/// Writes to standard output; the exit status for what went wrong. A reader that went away (`| head`) is not an error.
pub(super) fn out(text: &str) -> u8 {
    pieces(std::iter::once(text))
}

/// The same line by line, without what could drive a terminal.
pub(super) fn lines(text: &str) -> u8 {
    out(&text.lines().map(|line| report::escaped(line) + "\n").collect::<String>())
}

/// Writes the documents of a stream, with the line between them that kustomize writes.
pub(super) fn documents(texts: &[Box<str>]) -> u8 {
    let separators = std::iter::once("").chain(std::iter::repeat("---\n"));
    pieces(separators.zip(texts).flat_map(|(separator, text)| [separator, text]))
}

/// Writes to standard output.
///
/// # Errors
/// Why it cannot be written. A reader that went away is not an error.
pub(super) fn to_stdout(text: &str) -> Result<(), String> {
    all_to_stdout(std::iter::once(text))
}

fn pieces<'t>(texts: impl Iterator<Item = &'t str>) -> u8 {
    all_to_stdout(texts).map_or_else(|why| error(&why), |()| 0)
}

fn all_to_stdout<'t>(mut texts: impl Iterator<Item = &'t str>) -> Result<(), String> {
    let mut stdout = BufWriter::new(io::stdout().lock());
    match texts.try_for_each(|text| stdout.write_all(text.as_bytes())).and_then(|()| stdout.flush()) {
        Err(why) if why.kind() != io::ErrorKind::BrokenPipe => Err(format!("standard output cannot be written: {why}")),
        _ => Ok(()),
    }
}

/// Writes a line to standard error. What a fleet took from Secrets is taken out before; credentials in URLs are here.
pub(super) fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", report::escaped(&redact::text(text)));
}

/// Says why a run failed; the exit status for it.
pub(super) fn error(why: &str) -> u8 {
    note(&format!("error: {}", report::escaped(why)));
    FAILED
}

/// Says why a run could not begin; the exit status for it.
pub(super) fn run_error(why: &RunError, files: &Files) -> u8 {
    reasons(why, files).iter().for_each(|why| _ = error(why));
    FAILED
}

/// Why a run could not begin, one line each.
pub(super) fn reasons(why: &RunError, files: &Files) -> Vec<String> {
    match why {
        RunError::Config(problems) => problems.iter().map(|problem| located(problem, files)).collect(),
        _ => vec![why.to_string()],
    }
}

/// A problem on one line: place, message, what to do.
pub(super) fn located(problem: &Problem, files: &Files) -> String {
    let place = problem.place.map(|span| format!("{}: ", place(span, files)));
    let help = problem.help.as_ref().map(|help| format!(" ({help})"));
    report::escaped(&format!("{}{}{}", place.unwrap_or_default(), problem.message, help.unwrap_or_default()))
}

/// `file:line:column`, with repository and revision before it where a revision was read.
pub(super) fn place(span: Span, files: &Files) -> String {
    let file = files.get(span.file);
    let position = file.position(span.start);
    let revision = file.revision.as_ref().map(|revision| format!("{}@{revision}: ", file.repository));
    format!("{}{}:{}:{}", revision.unwrap_or_default(), file.path, position.line, position.column)
}

/// The same, always with the repository.
pub(super) fn full_place(span: Span, files: &Files) -> String {
    let file = files.get(span.file);
    match file.revision {
        Some(_) => place(span, files),
        None => format!("{}: {}", file.repository, place(span, files)),
    }
}
