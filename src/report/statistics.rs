//! `--statistics`: how often each rule found something.

use std::collections::{BTreeMap, BTreeSet};

use super::Report;
use super::summary::counted;
use crate::finding::Severity;

/// A line per rule with findings, most first: level, count, rule.
pub(super) fn statistics(report: &Report) -> String {
    let mut counts: BTreeMap<(&str, Severity), usize> = BTreeMap::new();
    report.findings.iter().for_each(|it| *counts.entry((it.rule, it.severity)).or_default() += 1);
    let mut rows: Vec<((&str, Severity), usize)> = counts.into_iter().collect();
    rows.sort_by_key(|((rule, severity), count)| (std::cmp::Reverse((*count, *severity)), *rule));
    let width = rows.first().map_or(1, |(_, count)| count.to_string().len());
    let row = |((rule, severity), count): &((&str, Severity), usize)| {
        format!("{count:width$}  {:7}  {rule}\n", severity.as_str())
    };
    let lines: String = rows.iter().map(row).collect();
    let rules = report.rules.len();
    let found: BTreeSet<&str> = rows.iter().map(|((rule, _), _)| *rule).collect();
    format!("{lines}{} with findings, {} ran\n", counted(found.len(), "rule"), counted(rules, "rule"))
}
