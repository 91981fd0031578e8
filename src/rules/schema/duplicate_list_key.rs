//! Two items of a list with the same key.

use super::report;
use crate::finding::{Findings, Severity};
use crate::fleet::Fleet;
use crate::flux::validate::What;
use crate::rule::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "schema/duplicate-list-key",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "two items of a list have the same key, where each key can be there only once",
    is_pedantic: false,
    page: include_str!("../../../rules/schema/duplicate-list-key.md"),
    check: Check::Fleet(check),
};

fn check(fleet: &Fleet, findings: &mut Findings) {
    for judged in fleet.judged() {
        for violation in &judged.verdict.violations {
            let What::Duplicate { first, key } = &violation.what else { continue };
            let what = format!("`{}` is `{key}` a second time in this list", violation.path());
            let finding = report(judged, violation, &what, findings);
            finding.help("remove one of the two items, or give it a key of its own");
            finding.related(&judged.object, first, "the first one");
        }
    }
}
