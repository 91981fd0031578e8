//! A comment or an exception that silences no finding. Triage finds these, because only it knows what was silenced.

use crate::finding::Severity;
use crate::rule::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "suppression/unused",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "an ignore comment or an exception of the configuration silences no finding",
    is_pedantic: false,
    page: include_str!("../../../rules/suppression/unused.md"),
    check: Check::Silence,
};
