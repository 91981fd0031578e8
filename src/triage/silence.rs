//! What comments and exceptions take away, and which of them take nothing away.

use std::collections::HashSet;

use super::comments::Comments;
use super::exceptions::{Accepted, accepted};
use super::{Baseline, Terms, names};
use crate::config::Exception;
use crate::finding::{Finding, Note, Place, Severity};
use crate::locate::Location;
use crate::yaml::Span;

/// The rule about what silences nothing.
const UNUSED: &str = "suppression/unused";

/// The reason of notes about a baseline.
const REASON: &str = "baseline";

/// The findings that are left, and what silenced none, as findings. `hidden` are those that are not shown, which comments and
/// exceptions may be about as well.
pub(super) fn silenced(
    findings: Vec<Finding>,
    hidden: &[Finding],
    today: Option<&str>,
    terms: Terms<'_>,
) -> (Vec<Finding>, Vec<Finding>) {
    let comments = Comments::read(terms.files);
    let holds = |exception: &&Exception| match (&exception.expires, today) {
        (Some(last), Some(today)) => today <= last.as_str(),
        _ => true,
    };
    let exceptions: Vec<&Exception> = terms.config.exceptions.iter().filter(holds).collect();
    let (mut used, mut is_used) = (HashSet::new(), vec![false; exceptions.len()]);
    let mut left = Vec::new();
    'findings: for mut finding in findings {
        let silent = comments.of(&finding, terms.files);
        if !silent.is_empty() {
            used.extend(silent);
            continue;
        }
        let at = finding.place.span().map(|span| Location::of(span, terms.files));
        for (exception, is_used) in exceptions.iter().zip(&mut is_used) {
            match accepted(exception, &finding, at.as_ref()) {
                Accepted::Nowhere => continue,
                Accepted::On(cluster) => _ = finding.clusters.remove(&cluster),
                Accepted::Everywhere => {
                    *is_used = true;
                    continue 'findings;
                }
            }
            *is_used = true;
        }
        left.push(finding);
    }
    for finding in hidden {
        used.extend(comments.of(finding, terms.files));
        let at = finding.place.span().map(|span| Location::of(span, terms.files));
        for (exception, is_used) in exceptions.iter().zip(&mut is_used) {
            *is_used |= accepted(exception, finding, at.as_ref()) != Accepted::Nowhere;
        }
    }
    let unused = match rule(terms) {
        Some(severity) => {
            let silent = comments.unused(&used).into_iter().filter(|comment| may_tell(&comment.patterns, terms));
            let silent = silent.map(|comment| of_comment(severity, &comment.patterns, comment.span));
            let exceptions = exceptions.iter().zip(is_used).filter(|(_, is_used)| !is_used).map(|(it, _)| *it);
            let expired = terms.config.exceptions.iter().filter(|it| !holds(it));
            let idle = exceptions.filter(|it| may_tell(&[it.rule.to_string()], terms));
            silent
                .chain(idle.map(|it| of_exception(severity, it, "matches no finding")))
                .chain(expired.map(|it| of_exception(severity, it, "has expired")))
                .collect()
        }
        None => Vec::new(),
    };
    (left, unused)
}

/// The level at which the rule about what silences nothing reports, if it is on.
fn rule(terms: Terms<'_>) -> Option<Severity> {
    let rule = terms.rules.iter().find(|rule| rule.id == UNUSED).filter(|_| terms.is_whole)?;
    let (level, _) = super::level(terms.config, rule.id);
    level.map_or(Some(rule.severity), crate::config::Level::severity)
}

/// Whether all rules that a comment names ran, so that they would have been silenced. What names no rule never silences.
fn may_tell(patterns: &[String], terms: Terms<'_>) -> bool {
    // A rule that does not exist never ran, and so its comment is of no use at all.
    patterns.iter().all(|pattern| !terms.skipped.iter().any(|rule| names(pattern, rule.id)))
}

fn of_comment(severity: Severity, patterns: &[String], span: Span) -> Finding {
    if patterns.is_empty() {
        let mut finding = Finding::new(UNUSED, severity, "this comment silences nothing: it names no rule");
        finding.place = Place::of_span(span);
        finding.help("write `# fleetlint: ignore[RULE] reason`, or `ignore-file[RULE]` for the whole file");
        return finding;
    }
    let named = patterns.join("`, `");
    let message = format!("this comment silences nothing: no finding of `{named}` is on the line that it refers to");
    let mut finding = Finding::new(UNUSED, severity, message);
    finding.place = Place::of_span(span);
    finding.argument(named).help("remove it, or move it onto the line or above the object of the finding");
    finding
}

fn of_exception(severity: Severity, exception: &Exception, why: &str) -> Finding {
    let message = format!("this exception {why}: it is about `{}`, because \"{}\"", exception.rule, exception.reason);
    let mut finding = Finding::new(UNUSED, severity, message);
    finding.place = exception.place.map_or_else(Place::nowhere, Place::of_span);
    finding.argument(exception.rule.as_str()).help("remove it");
    finding
}

/// A note on the entries of a baseline that no longer occur, where the rules that would say so ran on all clusters.
pub(super) fn gone(baseline: &Baseline, findings: &[Finding], terms: Terms<'_>) -> Option<Note> {
    let gone = baseline.gone(findings);
    let ran = gone.iter().filter(|(rule, _)| terms.is_whole && terms.rules.iter().any(|it| it.id == **rule));
    let count: usize = ran.clone().map(|(_, count)| count).sum();
    let rules: Vec<String> = ran.map(|(rule, _)| format!("`{rule}`")).collect();
    let what =
        if count == 1 { "entry of the baseline no longer occurs" } else { "entries of the baseline no longer occur" };
    (count > 0).then(|| Note {
        reason: REASON,
        message: format!("{count} {what}: {}", rules.join(", ")),
        help: Some("write it again with `--write-baseline`".to_owned()),
        count,
        ..Note::default()
    })
}
