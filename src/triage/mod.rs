//! From what rules say to what is shown: levels, causes, one finding for each defect.

mod baseline;
mod causes;
mod comments;
mod exceptions;
mod join;
mod silence;

use std::collections::HashSet;

use crate::config::{Config, ConfiguredLevel, Level, level_of};
use crate::finding::{Fact, Finding, Note, Said, Severity};
use crate::locate::{Location, fingerprints};
use crate::rule::Rule;
use crate::source::Files;
pub use baseline::{Baseline, BaselineError};

/// What the command line asks for. Patterns are ids of rules or families; `*` stands for any text.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Only these; all if empty.
    pub select: Vec<String>,
    /// Not these.
    pub ignore: Vec<String>,
    /// Also findings of level info and pedantic rules.
    pub pedantic: bool,
    /// The findings that were there before.
    pub baseline: Option<Baseline>,
    /// All findings of this run become the baseline.
    pub writes_baseline: bool,
    /// The day of the run; no exception expires without one.
    pub today: Option<Day>,
}

/// Where the day of a run comes from. It is asked for only where an exception expires.
#[derive(Clone, Debug)]
pub enum Day {
    /// `--today`, as `2027-01-31`.
    Given(String),
    /// The clock of the machine, as the same.
    Clock(fn() -> String),
}

impl Day {
    fn shown(&self) -> String {
        match self {
            Self::Given(day) => day.clone(),
            Self::Clock(clock) => clock(),
        }
    }
}

/// What decides about findings.
#[derive(Clone, Copy)]
pub struct Terms<'a> {
    pub config: &'a Config,
    pub selection: &'a Selection,
    /// The rules that ran.
    pub rules: &'a [&'static Rule],
    /// Those that did not.
    pub skipped: &'a [&'static Rule],
    /// All clusters were judged: what silences nothing is of no use.
    pub is_whole: bool,
    /// The name of the fleet repository, which may be that of any folder.
    pub fleet: &'a str,
    pub files: &'a Files,
}

/// What is left of what rules said.
#[derive(Debug, Default)]
pub struct Triaged {
    pub findings: Vec<Finding>,
    /// All that findings explain, those included that are silenced or known.
    pub explained: HashSet<Fact>,
    /// All that findings explain which are shown.
    pub shown: HashSet<Fact>,
    /// What rules could not judge.
    pub notes: Vec<Note>,
    /// How many things that are.
    pub inconclusive: usize,
    /// How many findings comments and exceptions silenced.
    pub silenced: usize,
    /// How many findings the baseline holds.
    pub known: usize,
    /// The baseline that this run writes.
    pub baseline: Option<Baseline>,
    /// The day on which exceptions were judged, if any expires.
    pub today: Option<String>,
}

/// Whether a rule has anything to say in a run: it is selected, and there is a file in which it is on. Others need not run.
pub fn runs(rule: &Rule, config: &Config, selection: &Selection) -> bool {
    let overrides = config.overrides.iter().filter_map(|it| level_of(&it.levels, rule.id)).map(Some);
    let levels = std::iter::once(level_of(&config.levels, rule.id)).chain(overrides);
    selection.takes(rule.id) && levels.into_iter().any(|level| is_on(rule, level, selection))
}

/// Whether a rule is on where the configuration says this of it. A pedantic one to which it gives a level by its own name is
/// asked for.
fn is_on(rule: &Rule, level: Option<&ConfiguredLevel>, selection: &Selection) -> bool {
    let is_asked_for = selection.pedantic || level.is_some_and(ConfiguredLevel::is_by_name);
    level.is_none_or(|it| it.level != Level::Off) && (!rule.is_pedantic || is_asked_for)
}

/// What a run shows of what its rules said: first levels, then causes, then one finding for each defect, then what comments,
/// exceptions and the baseline leave.
pub fn triage(said: Said, terms: Terms<'_>) -> Triaged {
    let (mut levelled, mut hidden) = (Vec::new(), Vec::new());
    for mut finding in said.findings {
        let is_shown = is_shown(&mut finding, terms);
        if is_shown { levelled.push(finding) } else { hidden.push(finding) }
    }
    let mut findings = causes::once_for_a_slip(join::joined(causes::without_consequences(levelled)));
    hidden.extend(findings.iter().flat_map(|finding| finding.consequences.iter().cloned()));
    name(&mut findings, terms);
    let skipped = said.skipped;
    let said = findings.iter().flat_map(|finding| std::iter::once(finding).chain(&finding.consequences));
    let explained = said.flat_map(|finding| &finding.explains).cloned().collect();
    let old = terms.selection.baseline.as_ref();
    let is_blind = old.is_some_and(|baseline| silence::hides_more(baseline, &findings));
    let today = terms.today();
    let all = findings.len();
    let (mut findings, mut unused) = silence::silenced(findings, hidden, today.as_deref(), terms);
    let silenced = all - findings.len();
    unused.retain_mut(|finding| is_shown(finding, terms));
    name(&mut unused, terms);
    findings.extend(unused);
    let written = terms.selection.writes_baseline.then(|| Baseline::of(&findings, terms.files));
    let old = written.as_ref().or(terms.selection.baseline.as_ref());
    let gone = old.filter(|_| !is_blind).and_then(|baseline| silence::gone(baseline, &findings, terms));
    let all = findings.len();
    findings.retain(|finding| old.is_none_or(|baseline| !baseline.holds(finding)));
    let known = all - findings.len();
    let said = findings.iter().flat_map(|finding| std::iter::once(finding).chain(&finding.consequences));
    let shown = said.flat_map(|finding| &finding.explains).cloned().collect();
    let (mut notes, inconclusive) = join::notes(skipped, &shown);
    notes.extend(gone);
    Triaged { findings, explained, shown, notes, inconclusive, silenced, known, baseline: written, today }
}

/// Gives findings their fingerprints.
fn name(findings: &mut [Finding], terms: Terms<'_>) {
    let fingerprints = fingerprints(findings, terms.fleet, terms.files);
    findings.iter_mut().zip(fingerprints).for_each(|(finding, fingerprint)| finding.fingerprint = fingerprint);
}

impl Terms<'_> {
    fn today(&self) -> Option<String> {
        let expires = self.config.exceptions.iter().any(|exception| exception.expires.is_some());
        self.selection.today.as_ref().filter(|_| expires).map(Day::shown)
    }
}

/// Gives a finding its level; whether it is shown at that.
fn is_shown(finding: &mut Finding, terms: Terms<'_>) -> bool {
    let level = level_at(finding, terms);
    let rule = terms.rules.iter().find(|rule| rule.id == finding.rule);
    if rule.is_some_and(|rule| !is_on(rule, level, terms.selection)) {
        return false;
    }
    let Some(severity) = level.map_or(Some(finding.severity), |it| it.level.severity()) else { return false };
    finding.severity = severity;
    terms.selection.pedantic || severity != Severity::Info
}

/// The configured level of the rule of a finding: that of the last override which is about its file, or else that of `rules`.
fn level_at<'c>(finding: &Finding, terms: Terms<'c>) -> Option<&'c ConfiguredLevel> {
    let Config { overrides, levels, .. } = terms.config;
    let set = overrides.iter().rev().filter_map(|it| Some((it, level_of(&it.levels, finding.rule)?)));
    let mut set = set.peekable();
    // Most runs have none: no place has to be looked up then.
    let file = set.peek().and(finding.place.span()).map(|span| Location::of(span, terms.files).file);
    let here = file.and_then(|file| set.find(|(it, _)| it.is_about(&file)));
    here.map(|(_, level)| level).or_else(|| level_of(levels, finding.rule))
}

impl Selection {
    /// Whether a rule is selected and not ignored.
    pub fn takes(&self, rule: &str) -> bool {
        let is_selected = self.select.is_empty() || self.select.iter().any(|pattern| names(pattern, rule));
        is_selected && !self.ignore.iter().any(|pattern| names(pattern, rule))
    }

    /// The patterns that name none of these rules: typos, or rules of another release.
    pub fn unknown<'a>(&'a self, rules: &[&str]) -> Vec<&'a str> {
        let patterns = self.select.iter().chain(&self.ignore).map(String::as_str);
        patterns.filter(|pattern| !rules.iter().any(|rule| names(pattern, rule))).collect()
    }
}

/// Whether a pattern of `--select` or `--ignore` names a rule: by its id or by its family.
pub fn names(pattern: &str, rule: &str) -> bool {
    let family = rule.split_once('/').map_or(rule, |(family, _)| family);
    wildcard(pattern, rule) || wildcard(pattern, family)
}

/// `*` stands for any text. The first part is at the start, the last at the end, the others as early as they can.
fn wildcard(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    let inner = text.strip_prefix(first).and_then(|text| text.strip_suffix(last));
    let end = inner.and_then(|inner| {
        middle.split('*').try_fold(inner, |text, part| text.find(part).map(|index| &text[index + part.len()..]))
    });
    end.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::LevelSelector;
    use crate::problem::ProblemKind;
    use crate::rule::Check;

    const fn rule(id: &'static str, severity: Severity, is_pedantic: bool) -> Rule {
        let check = Check::Problem(ProblemKind::YamlSyntax);
        Rule { id, severity, since: "0.1.0", summary: "", is_pedantic, page: "", check }
    }

    fn shown(config: &Config, selection: &Selection) -> Vec<String> {
        let rules = [
            rule("a/one", Severity::Error, false),
            rule("a/two", Severity::Info, false),
            rule("b/pedantic", Severity::Warning, true),
            rule("b/three", Severity::Warning, false),
        ];
        let running = rules.iter().filter(|rule| runs(rule, config, selection));
        let findings = running.map(|rule| Finding::new(rule.id, rule.severity, "")).collect();
        let files = Files::default();
        let skipped = &[][..];
        let rules: &[&'static Rule] = &[];
        let terms = Terms { config, selection, rules, skipped, is_whole: true, fleet: "fleet", files: &files };
        let triaged = triage(Said { findings, skipped: Vec::new() }, terms);
        triaged.findings.iter().map(|finding| format!("{} {}", finding.rule, finding.severity.as_str())).collect()
    }

    fn select(select: &[&str], ignore: &[&str], pedantic: bool) -> Selection {
        let owned = |patterns: &[&str]| patterns.iter().map(|&pattern| pattern.to_owned()).collect();
        Selection { select: owned(select), ignore: owned(ignore), pedantic, ..Selection::default() }
    }

    #[test]
    fn pedantic_findings_are_asked_for() {
        let config = Config::default();
        assert_eq!(shown(&config, &select(&[], &[], false)), ["a/one error", "b/three warning"]);
        let all = ["a/one error", "a/two info", "b/pedantic warning", "b/three warning"];
        assert_eq!(shown(&config, &select(&[], &[], true)), all);
    }

    #[test]
    fn select_and_ignore_take_ids_families_and_wildcards() {
        let config = Config::default();
        assert_eq!(shown(&config, &select(&["a"], &[], false)), ["a/one error"]);
        assert_eq!(shown(&config, &select(&["*/t*"], &[], true)), ["a/two info", "b/three warning"]);
        assert_eq!(shown(&config, &select(&[], &["b", "a/one"], true)), ["a/two info"]);
        assert_eq!(shown(&config, &select(&["b/three"], &["b/*"], true)), [""; 0]);
        assert_eq!(
            select(&["a", "c/x"], &["*three", "b/thre"], false).unknown(&["a/one", "b/three"]),
            ["c/x", "b/thre"]
        );
    }

    #[test]
    fn a_rule_counts_more_than_its_family() {
        let set = |selector, level| ConfiguredLevel { selector, level, place: None };
        let rule = |name: &str, level| set(LevelSelector::Rule(name.into()), level);
        let family = |name: &str, level| set(LevelSelector::Family(name.into()), level);
        let levels = vec![
            rule("a/two", Level::Warning),
            family("a", Level::Off),
            rule("b/pedantic", Level::Error),
            family("b", Level::Info),
        ];
        let config = Config { levels, ..Config::default() };
        assert_eq!(shown(&config, &select(&[], &[], false)), ["a/two warning", "b/pedantic error"]);
    }

    #[test]
    fn wildcards_match_whole_texts() {
        let cases =
            [("*", "", true), ("a*", "ab", true), ("a*a", "a", false), ("*b*c", "abxc", true), ("*b*c", "acb", false)];
        for (pattern, text, expected) in cases {
            assert_eq!(wildcard(pattern, text), expected, "{pattern} {text}");
        }
    }
}
