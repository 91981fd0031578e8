//! `fleetlint check [PATH]`.

use std::io::{self, IsTerminal};
use std::mem::ManuallyDrop;
use std::path::Path;

use super::arguments::CheckArguments;
use super::output::{self, Format, FormatArgument};
use super::print::{self, FAILED, error, note, reasons};
use super::progress;
use super::question;
use crate::near::did_you_mean;
use crate::redact;
use crate::report::{self, Detail, Report, Style};
use crate::rules;
use crate::run::{Request, Session};
use crate::source::{SourceArgument, TenantArgument};
use crate::triage::{Baseline, Day, Selection};

/// The rule about sources that are given and match none of the fleet.
const UNMATCHED: &str = "sources/unmatched-mapping";

/// The width of a report that goes to no terminal, in columns.
const WIDTH: usize = 110;

/// The columns beside an excerpt: the number of the line and the frame.
const FRAME: usize = 10;

pub(super) fn run(arguments: &CheckArguments) -> u8 {
    let (output, baseline) = (arguments.output.as_deref(), arguments.write_baseline.as_deref());
    let outputs = match output::outputs(&arguments.formats, output, baseline, arguments.statistics) {
        Ok(outputs) => outputs,
        Err(why) => return error(&why),
    };
    // The process ends with it: nobody waits until all of it is taken apart.
    let session = ManuallyDrop::new(Session::default());
    let report = match checked(arguments, &session) {
        Ok(report) => report,
        Err(why) => {
            why.iter().for_each(|why| _ = error(why));
            return failed(&outputs, &why.join("\n"));
        }
    };
    match written(&report, &outputs, arguments, &session) {
        Ok(()) => question::ask(&report.discovery, &session.files).max(status(&report, arguments)),
        Err(why) => {
            error(&why);
            failed(&outputs, &why)
        }
    }
}

/// The report of the run, or why there is none.
fn checked(arguments: &CheckArguments, session: &Session) -> Result<Report, Vec<String>> {
    let selection = Selection {
        select: arguments.select.clone(),
        ignore: arguments.ignore.clone(),
        pedantic: arguments.pedantic,
        baseline: arguments.baseline.as_deref().map(baseline).transpose().map_err(|why| vec![why])?,
        writes_baseline: arguments.write_baseline.is_some(),
        today: Some(arguments.today.clone().map_or(Day::Clock(today), Day::Given)),
    };
    // A pattern that names no rule is a typo: it would silently select nothing.
    if let Some(pattern) = selection.unknown(&rules::ids()).first() {
        let near = did_you_mean(pattern, &rules::names()).map(|near| format!("{near} ")).unwrap_or_default();
        return Err(vec![format!("unknown rule or family `{pattern}`; {near}`fleetlint rules` lists them")]);
    }
    let fleet = &arguments.fleet;
    let tenant = arguments.tenant_repo.as_ref().map(TenantArgument::resolve).transpose();
    let tenant = tenant.map_err(|why| vec![why.to_string()])?;
    let sources: Vec<SourceArgument> =
        fleet.sources.iter().cloned().chain(tenant.iter().map(|it| it.source.clone())).collect();
    let repository = arguments.repository.as_deref().or(tenant.as_ref().map(|it| it.name.as_str()));
    let schemas = &arguments.schemas[..];
    let request = Request { schemas, repository, sources: &sources, ..fleet.request(&arguments.path) };
    let checked =
        progress::while_running("reading the fleet", || session.check(&request, &selection, fleet.cluster.as_deref()));
    let report = checked.map_err(|why| reasons(&why, &session.files))?;
    let detail = match (arguments.quiet, arguments.verbose) {
        (true, _) => Detail::Quiet,
        (_, true) => Detail::Verbose,
        _ => Detail::Normal,
    };
    let (shows_undetermined, shows_statistics) = (arguments.show_undetermined, arguments.statistics);
    Ok(Report { shows_undetermined, shows_statistics, detail, ..report })
}

/// Writes the report in all formats, and the baseline. What code scanning reads comes last: if anything else cannot be
/// written, it says that the run failed.
///
/// # Errors
/// Something cannot be written.
fn written(
    report: &Report,
    outputs: &[FormatArgument],
    arguments: &CheckArguments,
    session: &Session,
) -> Result<(), String> {
    if let (Some(path), Some(baseline)) = (&arguments.write_baseline, &report.baseline) {
        write(path, &baseline.text())?;
    }
    let (last, first): (Vec<_>, Vec<_>) = outputs.iter().partition(|output| output.format == Format::Sarif);
    for output in first.into_iter().chain(last) {
        let text = text(report, output, arguments, session);
        match (&output.file, text) {
            (_, None) => {}
            (None, Some(text)) => print::to_stdout(&text)?,
            (Some(path), Some(text)) => write(path, &text)?,
        }
    }
    Ok(())
}

/// The report in a format. Where nothing was checked, only those formats that can say so are written.
fn text(report: &Report, output: &FormatArgument, arguments: &CheckArguments, session: &Session) -> Option<String> {
    let files = &*session.files;
    match output.format {
        Format::Json => return Some(report::json(report, files)),
        Format::Sarif => return Some(report::sarif(report, files)),
        _ if report.discovery.blocked.is_some() => return None,
        _ => {}
    }
    Some(match output.format {
        Format::Human => report::human(report, files, &session.documents, style(arguments, output)),
        Format::Github => report::github(report, files),
        Format::Gitlab => report::gitlab(report, files),
        Format::Junit => report::junit(report, files),
        Format::Checkstyle => report::checkstyle(report, files),
        Format::Markdown => report::markdown(report, files),
        Format::Line => report::line(report, files),
        Format::Json | Format::Sarif => return None,
    })
}

/// Writes for code scanning that the run failed; the exit status for it.
fn failed(outputs: &[FormatArgument], why: &str) -> u8 {
    let text = report::failed_sarif(&redact::text(why));
    for output in outputs.iter().filter(|output| output.format == Format::Sarif) {
        // Why the run failed has been said: a second reason would hide it.
        let _ = match &output.file {
            Some(path) => write(path, &text),
            None => print::to_stdout(&text),
        };
    }
    FAILED
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    std::fs::write(path, text).map_err(|why| format!("`{}` cannot be written: {why}", path.display()))
}

fn baseline(path: &Path) -> Result<Baseline, String> {
    let text = std::fs::read_to_string(path).map_err(|why| format!("`{}` cannot be read: {why}", path.display()))?;
    Baseline::read(&text).map_err(|why| format!("`{}`: {why}", path.display()))
}

/// The day, in UTC, so that it is the same for all who run it at one time.
fn today() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%d").to_string()
}

/// 1 where a finding is at or above the level that fails, or where something was not judged and that fails, too.
fn status(report: &Report, arguments: &CheckArguments) -> u8 {
    let least = arguments.fail_on.severity();
    let fails = least.is_some_and(|least| report.findings.iter().any(|finding| finding.severity >= least));
    if fails || !arguments.fail_on_undetermined || !is_undetermined(report) {
        return u8::from(fails);
    }
    note("failed because of `--fail-on-undetermined`: `--show-undetermined` lists what could not be judged");
    1
}

/// Whether something could not be judged. A source that the fleet does not read may be one that it lacks.
fn is_undetermined(report: &Report) -> bool {
    report.summary.undetermined > 0 || report.findings.iter().any(|finding| finding.rule == UNMATCHED)
}

/// The width of a terminal is known; of it, excerpts leave the frame free.
fn style(arguments: &CheckArguments, output: &FormatArgument) -> Style {
    let is_terminal = output.file.is_none() && io::stdout().is_terminal();
    let columns = terminal_size::terminal_size_of(io::stdout()).filter(|_| is_terminal);
    let width = columns.map_or(WIDTH, |(columns, _)| usize::from(columns.0).saturating_sub(FRAME));
    Style { colour: arguments.color.uses_color(is_terminal), width, unicode: true }
}
