//! A source is given that the fleet does not read.

use crate::finding::Severity;
use crate::problem::ProblemKind;
use crate::rule::{Check, Rule};

/// `run` finds it: the arguments of a run are not part of the fleet.
pub(crate) const RULE: Rule = Rule {
    id: "sources/unmatched-mapping",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "`--source` or `sources` gives a URL or a branch that no source in the fleet names",
    is_pedantic: false,
    page: include_str!("../../../rules/sources/unmatched-mapping.md"),
    check: Check::Problem(ProblemKind::UnmatchedSource),
};
