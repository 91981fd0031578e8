//! Levels: what the configuration and the command line make of findings.

use crate::config::Config;
use crate::finding::Finding;

/// What the command line asks for. Patterns are ids of rules or families; `*` stands for any text.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Only these; all if empty.
    pub select: Vec<String>,
    /// Not these.
    pub ignore: Vec<String>,
    /// Also findings of level info and pedantic rules.
    pub pedantic: bool,
}

/// The findings that a run shows, at the levels that the configuration gives them.
pub fn triage(findings: Vec<Finding>, _config: &Config, _selection: &Selection) -> Vec<Finding> {
    findings
}
