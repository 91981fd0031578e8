//! `fleetlint check [PATH]`.

use std::io::{self, IsTerminal};
use std::mem::ManuallyDrop;
use std::path::Path;

use super::arguments::{CheckArguments, Format};
use super::print::{error, note, out, run_error};
use super::progress;
use super::question;
use crate::report::{self, Report, Style};
use crate::rules;
use crate::run::Session;
use crate::triage::{Baseline, Day, Selection};

/// The rule about sources that are given and match none of the fleet.
const UNMATCHED: &str = "sources/unmatched-mapping";

/// The width of a report that goes to no terminal, in columns.
const WIDTH: usize = 110;

pub(super) fn run(arguments: &CheckArguments) -> u8 {
    // The process ends with it: nobody waits until all of it is taken apart.
    let session = ManuallyDrop::new(Session::default());
    let baseline = match arguments.baseline.as_deref().map(baseline).transpose() {
        Ok(baseline) => baseline,
        Err(why) => return error(&why),
    };
    let selection = Selection {
        select: arguments.select.clone(),
        ignore: arguments.ignore.clone(),
        pedantic: arguments.pedantic,
        baseline,
        writes_baseline: arguments.write_baseline.is_some(),
        today: Some(arguments.today.clone().map_or(Day::Clock(today), Day::Given)),
    };
    // A pattern that names no rule is a typo: it would silently select nothing.
    if let Some(pattern) = selection.unknown(&rules::ids()).first() {
        return error(&format!("unknown rule or family `{pattern}`; `fleetlint rules` lists them"));
    }
    let fleet = &arguments.fleet;
    let request = fleet.request(&arguments.path);
    let checked =
        progress::while_running("reading the fleet", || session.check(&request, &selection, fleet.cluster.as_deref()));
    let report = match checked {
        Ok(report) => Report { shows_undetermined: arguments.show_undetermined, ..report },
        Err(why) => return run_error(&why, &session.files),
    };
    let text = match arguments.format {
        Format::Json => report::json(&report, &session.files),
        Format::Human if report.discovery.blocked.is_some() => String::new(),
        Format::Human => report::human(&report, &session.files, &session.documents, style(arguments)),
    };
    match &arguments.output {
        None => match out(&text) {
            0 => {}
            failed => return failed,
        },
        Some(path) => {
            if let Err(why) = std::fs::write(path, text) {
                return error(&format!("`{}` cannot be written: {why}", path.display()));
            }
        }
    }
    if let (Some(path), Some(baseline)) = (&arguments.write_baseline, &report.baseline)
        && let Err(why) = std::fs::write(path, baseline.text())
    {
        return error(&format!("`{}` cannot be written: {why}", path.display()));
    }
    question::ask(&report.discovery, &session.files).max(status(&report, arguments))
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

fn style(arguments: &CheckArguments) -> Style {
    let is_plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let colour = arguments.output.is_none() && io::stdout().is_terminal() && !is_plain;
    Style { colour, width: WIDTH, unicode: true }
}
