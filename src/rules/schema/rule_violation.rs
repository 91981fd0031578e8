//! A rule of the kind (CEL) that is broken, and is not about which fields go together.

use super::{note_unevaluated, report_rule};
use crate::finding::{Findings, Severity};
use crate::fleet::Fleet;
use crate::flux::validate::What;
use crate::rule::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "schema/rule-violation",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "an object of Flux breaks a rule (CEL) of its kind",
    is_pedantic: false,
    page: include_str!("../../../rules/schema/rule-violation.md"),
    check: Check::Fleet(check),
};

fn check(fleet: &Fleet, findings: &mut Findings) {
    for judged in fleet.judged() {
        note_unevaluated(judged, false, findings);
        for violation in &judged.verdict.violations {
            let What::Rule(sentence) = violation.what else { continue };
            if !sentence.is_choice {
                report_rule(judged, violation, sentence, findings);
            }
        }
    }
}
