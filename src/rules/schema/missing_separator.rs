//! Two objects in one document.

use crate::finding::Severity;
use crate::problem::ProblemKind;
use crate::rule::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "schema/missing-separator",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "two objects are in one document, because `---` is missing between them",
    is_pedantic: false,
    page: include_str!("../../../rules/schema/missing-separator.md"),
    check: Check::Problem(ProblemKind::MissingSeparator),
};
