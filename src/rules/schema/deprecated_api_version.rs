//! An API version that a coming release of Flux does not serve.

use super::report_version;
use crate::finding::{Findings, Severity};
use crate::fleet::Fleet;
use crate::flux::release::Served;
use crate::rule::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "schema/deprecated-api-version",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "objects have an API version that is deprecated, and that a coming release of Flux does not serve",
    is_pedantic: false,
    page: include_str!("../../../rules/schema/deprecated-api-version.md"),
    check: Check::Fleet(check),
};

fn check(fleet: &Fleet, findings: &mut Findings) {
    for used in fleet.outdated_versions().iter().filter(|used| used.served == Served::Deprecated) {
        let what = match used.row.removed {
            Some((major, minor)) => format!("is deprecated, and not served from Flux {major}.{minor} on"),
            None => "is deprecated, and a coming release of Flux does not serve it".to_owned(),
        };
        report_version(used, &what, findings);
    }
}
