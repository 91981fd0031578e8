//! What comments and exceptions take away, and which of them take nothing away.

use std::collections::HashSet;

use super::comments::{Comment, Comments, Pattern, Used};
use super::exceptions::{Accepted, accepted};
use super::{Baseline, Terms, names};
use crate::config::Exception;
use crate::finding::{Fact, Finding, Note, Place, Severity};
use crate::locate::Location;
use crate::near::near;

/// The rule about what silences nothing.
const UNUSED: &str = "suppression/unused";

/// The reason of notes about a baseline.
const REASON: &str = "baseline";

/// The findings that are left, and what silenced none, as findings. `hidden` are those that are not shown, which comments and
/// exceptions may be about as well.
pub(super) fn silenced(
    findings: Vec<Finding>,
    hidden: Vec<Finding>,
    today: Option<&str>,
    terms: Terms<'_>,
) -> (Vec<Finding>, Vec<Finding>) {
    let mut silence = Silence::of(today, terms);
    let left = findings.into_iter().filter_map(|finding| silence.left_of(finding)).collect();
    hidden.into_iter().for_each(|finding| _ = silence.left_of(finding));
    let unused = rule(terms).map(|severity| silence.unused(severity)).unwrap_or_default();
    (left, unused)
}

/// Everything that silences findings in a run, and what of it has.
struct Silence<'a> {
    terms: Terms<'a>,
    comments: Comments,
    used: HashSet<Used>,
    /// Those that hold, each with whether it silenced a finding.
    exceptions: Vec<(&'a Exception, bool)>,
    expired: Vec<&'a Exception>,
}

impl<'a> Silence<'a> {
    fn of(today: Option<&str>, terms: Terms<'a>) -> Self {
        let holds = |exception: &&Exception| match (&exception.expires, today) {
            (Some(last), Some(today)) => today <= last.as_str(),
            _ => true,
        };
        let (holding, expired): (Vec<&Exception>, Vec<&Exception>) = terms.config.exceptions.iter().partition(holds);
        let exceptions = holding.into_iter().map(|exception| (exception, false)).collect();
        Self { terms, comments: Comments::read(terms.files), used: HashSet::new(), exceptions, expired }
    }

    /// A finding on the clusters on which nothing silences it; `None` if something does on all of them.
    fn left_of(&mut self, mut finding: Finding) -> Option<Finding> {
        let files = self.terms.files;
        let silent = self.comments.of(&finding, files);
        if !silent.is_empty() {
            self.used.extend(silent);
            return None;
        }
        let at = finding.place.span().map(|span| Location::of(span, files));
        for (exception, is_used) in &mut self.exceptions {
            match accepted(exception, &finding, at.as_ref()) {
                Accepted::Nowhere => continue,
                Accepted::On(cluster) => {
                    *is_used = true;
                    finding.clusters.remove(&cluster);
                }
                Accepted::Everywhere => {
                    *is_used = true;
                    return None;
                }
            }
        }
        Some(finding)
    }

    /// What silenced nothing, as findings.
    fn unused(&self, severity: Severity) -> Vec<Finding> {
        let comments = self.comments.unused(&self.used).into_iter();
        let idle = self.exceptions.iter().filter(|(_, is_used)| !is_used).map(|(exception, _)| *exception);
        let idle = idle.filter(|exception| may_tell(&exception.rule, self.terms));
        comments
            .flat_map(|(comment, patterns)| of_comment(severity, comment, patterns, self.terms))
            .chain(idle.map(|exception| of_exception(severity, exception, "matches no finding")))
            .chain(self.expired.iter().map(|exception| of_exception(severity, exception, "has expired")))
            .collect()
    }
}

/// The severity of the rule about what silences nothing, if it ran; its configured level comes later.
fn rule(terms: Terms<'_>) -> Option<Severity> {
    let rule = terms.rules.iter().find(|rule| rule.id == UNUSED).filter(|_| terms.is_whole)?;
    Some(rule.severity)
}

/// Whether all rules that a pattern names ran, so that they would have been silenced.
fn may_tell(pattern: &str, terms: Terms<'_>) -> bool {
    !terms.skipped.iter().any(|rule| names(pattern, rule.id))
}

/// What is wrong with a comment of which these patterns silence nothing: one finding for all that name rules, one for each
/// that names none. What is in brackets and names no rule may be anything, and is not repeated.
fn of_comment(severity: Severity, comment: &Comment, unused: Vec<&Pattern>, terms: Terms<'_>) -> Vec<Finding> {
    let finding = |message: String| {
        let mut finding = Finding::new(UNUSED, severity, message);
        finding.place = Place::of_span(comment.span);
        finding
    };
    if comment.patterns.is_empty() {
        let mut finding = finding("this comment silences nothing: it names no rule".to_owned());
        finding.help("write `# fleetlint: ignore[RULE] reason`, or `ignore-file[RULE]` for the whole file");
        return vec![finding];
    }
    let all: Vec<&str> = terms.rules.iter().chain(terms.skipped).map(|rule| rule.id).collect();
    let (known, unknown): (Vec<&Pattern>, Vec<&Pattern>) =
        unused.into_iter().partition(|pattern| all.iter().any(|rule| names(&pattern.rule, rule)));
    let mut findings: Vec<Finding> = Vec::new();
    for pattern in unknown {
        let mut finding =
            finding("this comment names a rule that does not exist, and silences nothing by it".to_owned());
        finding.argument(pattern.rule.as_str()).help(meant(&pattern.rule, &all));
        findings.push(finding);
    }
    let known: Vec<&Pattern> = known.into_iter().filter(|pattern| may_tell(&pattern.rule, terms)).collect();
    let rules: Vec<&str> = known.iter().map(|pattern| pattern.rule.as_str()).collect();
    if known.is_empty() {
        return findings;
    }
    let (why, help) = match comment.has_reason {
        false => {
            let help = "write the reason behind the brackets: `# fleetlint: ignore[RULE] reason`";
            ("it gives no reason".to_owned(), help)
        }
        true => {
            let value = if known.iter().any(|pattern| pattern.value.is_some()) { " about that value" } else { "" };
            let why = format!("no finding of `{}`{value} is on the line that it refers to", rules.join("`, `"));
            (why, "remove it, or move it onto the line or above the object of the finding")
        }
    };
    let what = if known.len() == comment.patterns.len() { "this comment" } else { "a part of this comment" };
    let mut finding = finding(format!("{what} silences nothing: {why}"));
    known.iter().flat_map(|it| &it.value).for_each(|value| _ = finding.argument(value.as_str()));
    finding.argument(rules.join("`, `")).help(help);
    findings.push(finding);
    findings
}

/// The rule or family that a name is a slip of.
fn meant(name: &str, rules: &[&str]) -> String {
    let families = rules.iter().filter_map(|rule| rule.split_once('/')).map(|(family, _)| family);
    let mut known: Vec<&str> = rules.iter().copied().chain(families).collect();
    known.dedup();
    match near(name, &known).first() {
        Some(near) => format!("did you mean `{near}`?"),
        None => "name a rule or a family: `fleetlint rules` lists them".to_owned(),
    }
}

fn of_exception(severity: Severity, exception: &Exception, why: &str) -> Finding {
    let message = format!("this exception {why}: it is about `{}`, because \"{}\"", exception.rule, exception.reason);
    let mut finding = Finding::new(UNUSED, severity, message);
    finding.place = exception.place.map_or_else(Place::nowhere, Place::of_span);
    finding.argument(exception.rule.as_str()).argument(exception.reason.as_str()).argument(why).help("remove it");
    finding
}

/// Whether something is not applied that was applied when the baseline was written: what was known of it may still be there.
pub(super) fn hides_more(baseline: &Baseline, findings: &[Finding]) -> bool {
    let hides = |fact: &Fact| matches!(fact, Fact::NotApplied(..) | Fact::NoOverlay(..));
    findings.iter().any(|finding| !baseline.holds(finding) && finding.explains.iter().any(hides))
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
