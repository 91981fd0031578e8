//! Fields that do not go together, or none of several of which one is needed.

use super::{note_unevaluated, report_rule};
use crate::finding::{Findings, Severity};
use crate::fleet::Fleet;
use crate::flux::validate::What;
use crate::rule::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "schema/exclusive-fields",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "fields of an object of Flux exclude each other, or one of several is needed and none is set",
    is_pedantic: false,
    page: include_str!("../../../rules/schema/exclusive-fields.md"),
    check: Check::Fleet(check),
};

fn check(fleet: &Fleet, findings: &mut Findings) {
    for judged in fleet.judged() {
        note_unevaluated(judged, true, findings);
        for violation in &judged.verdict.violations {
            let What::Rule(sentence) = violation.what else { continue };
            if sentence.is_choice {
                report_rule(judged, violation, sentence, findings);
            }
        }
    }
}
