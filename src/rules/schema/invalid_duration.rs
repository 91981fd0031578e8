//! A string that is not a duration.

use super::report_value;
use crate::finding::{Findings, Severity};
use crate::fleet::Fleet;
use crate::flux::validate::What;
use crate::rule::{Check, Rule};
use crate::yaml::Node;

pub(crate) const RULE: Rule = Rule {
    id: "schema/invalid-duration",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a duration of an object of Flux is not one that Flux reads",
    is_pedantic: false,
    page: include_str!("../../../rules/schema/invalid-duration.md"),
    check: Check::Fleet(check),
};

fn check(fleet: &Fleet, findings: &mut Findings) {
    for judged in fleet.judged() {
        for violation in &judged.verdict.violations {
            let What::NotADuration { without_hours } = violation.what else { continue };
            let text = judged.object.at(&violation.pointer).and_then(Node::text).unwrap_or_default();
            let what = match text {
                "" => format!("`{}` is an empty duration", violation.path()),
                _ => format!("`{text}` is not a duration that `{}` takes", violation.path()),
            };
            report_value(judged, violation, &what, help(text, without_hours), findings);
        }
    }
}

fn help(text: &str, without_hours: bool) -> &'static str {
    let has = |unit| text.bytes().any(|byte| byte.is_ascii_digit()) && text.contains(unit);
    match without_hours {
        true if has('h') => "hours are not a unit here: write minutes, such as `60m`",
        true => "write numbers with the units `m`, `s`, `ms`: `1m30s`",
        false if has('d') => "there is no unit for days: write hours, such as `24h`",
        false if has('w') => "there is no unit for weeks: write hours, such as `168h`",
        false => "write numbers with the units `h`, `m`, `s`, `ms`: `1h30m`",
    }
}
