//! The line that sums up.

use super::{Report, Summary};
use crate::finding::Severity;
use crate::fleet::Discovery;

/// `3 errors, 1 warning in 41 files (3 clusters, 214 objects); 2 objects with unknown values, 1 check was inconclusive`
pub(super) fn summary(report: &Report) -> String {
    let summary = &report.summary;
    if summary.clusters.is_empty() {
        let found = counts(report).map(|counts| format!("{counts}; ")).unwrap_or_default();
        return found + &on_their_own(&report.discovery);
    }
    let found = counts(report).unwrap_or_else(|| "nothing found".to_owned());
    let (files, objects) = (counted(summary.files, "file"), counted(summary.objects, "object"));
    let clusters = counted(summary.clusters.len(), "cluster");
    let objects_open = summary.undetermined.saturating_sub(summary.inconclusive);
    let verb = if summary.inconclusive == 1 { "was" } else { "were" };
    let open = [
        (objects_open > 0).then(|| format!("{} with unknown values", counted(objects_open, "object"))),
        (summary.inconclusive > 0).then(|| format!("{} {verb} inconclusive", counted(summary.inconclusive, "check"))),
    ];
    let open: Vec<String> = open.into_iter().flatten().collect();
    let undetermined = if open.is_empty() { String::new() } else { format!("; {}", open.join(", ")) };
    format!("{found} in {files} ({clusters}, {objects}){undetermined}{}", left_out(summary))
}

/// `3 errors, 1 warning`; `None` where nothing was found.
pub(super) fn counts(report: &Report) -> Option<String> {
    let counts = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Info, "info")];
    let counts = counts.map(|(severity, word)| (report.count(severity), word));
    let counts: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| counted(*count, word)).collect();
    (!counts.is_empty()).then(|| counts.join(", "))
}

/// How many findings were left out, and why.
fn left_out(summary: &Summary) -> String {
    let silenced = (summary.silenced > 0).then(|| format!("{} silenced", counted(summary.silenced, "finding")));
    let day = summary.today.as_ref().map(|day| format!("exceptions as of {day}"));
    let known = (summary.known > 0).then(|| format!("{} in the baseline", counted(summary.known, "finding")));
    let elsewhere =
        (summary.elsewhere > 0).then(|| format!("{} in other repositories", counted(summary.elsewhere, "finding")));
    let parts: Vec<String> = [silenced, day, known, elsewhere].into_iter().flatten().collect();
    if parts.is_empty() { String::new() } else { format!("; {}", parts.join(", ")) }
}

/// What was checked where there is no cluster.
pub fn on_their_own(discovery: &Discovery) -> String {
    let open = discovery.undetermined.len();
    let (count, word) = match discovery.kustomizations.len() {
        0 => (discovery.manifests, "manifest"),
        count => (count.saturating_sub(open), "kustomization"),
    };
    let (checked, own) = (counted(count, word), if count == 1 { "its" } else { "their" });
    let undetermined = if open == 0 { String::new() } else { format!(", {open} undetermined") };
    format!("no cluster in this repository: {checked} checked on {own} own{undetermined}")
}

pub(super) fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}
