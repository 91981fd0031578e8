//! Exceptions of the configuration: findings that are known and accepted.

use crate::config::Exception;
use crate::finding::Finding;
use crate::locate::Location;

use super::names;

/// Whether an exception accepts a finding, on the clusters that it still concerns: those that are left out, if only some are.
pub(super) fn accepted(exception: &Exception, finding: &Finding, at: Option<&Location>) -> Accepted {
    let is_rule = names(&exception.rule, finding.rule);
    let is_file = exception.files.as_ref().is_none_or(|files| at.is_some_and(|at| files.covers(&at.file)));
    let is_object =
        exception.object.as_ref().is_none_or(|object| finding.object.as_ref().is_some_and(|it| it.is_named(object)));
    let is_value = exception.value.as_ref().is_none_or(|value| finding.names(value));
    if !(is_rule && is_file && is_object && is_value) {
        return Accepted::Nowhere;
    }
    match &exception.cluster {
        Some(cluster) if !finding.clusters.contains(cluster.as_str()) => Accepted::Nowhere,
        Some(cluster) if finding.clusters.len() > 1 => Accepted::On(cluster.to_string()),
        _ => Accepted::Everywhere,
    }
}

/// Where a finding is accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Accepted {
    Nowhere,
    /// On one of its clusters.
    On(String),
    Everywhere,
}
