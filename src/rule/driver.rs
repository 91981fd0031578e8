//! Runs rules over a fleet. Rules and clusters are independent of each other; what is said comes in the order of both.

use std::collections::HashMap;

use rayon::prelude::*;

use super::{Check, Rule, RuleContext};
use crate::finding::{Fact, Finding, Findings, Said};
use crate::fleet::{Cluster, Fleet, FleetProblem};
use crate::object::Object;
use crate::problem::ProblemKind;
use crate::repository::Repositories;

/// What some rules say about a fleet and its repositories; `cluster` names the only one that is asked about.
pub fn run(fleet: &Fleet, repositories: &Repositories<'_>, rules: &[&'static Rule], cluster: Option<&str>) -> Said {
    let is_asked = |it: &&Cluster| cluster.is_none_or(|name| it.name == name);
    let clusters: Vec<&Cluster> = fleet.clusters.iter().filter(is_asked).collect();
    let by_rule: Vec<Said> = rules.par_iter().map(|rule| said_by(fleet, repositories, &clusters, rule)).collect();
    let by_object: Vec<Said> =
        clusters.par_iter().map(|cluster| said_of_objects(RuleContext { fleet, cluster }, rules)).collect();
    let mut said = Said::default();
    by_rule.into_iter().chain(by_object).for_each(|other| said.extend(other));
    if let Some(name) = cluster {
        said.findings.retain(|finding| finding.clusters.is_empty() || finding.clusters.contains(name));
    }
    said
}

fn said_by(fleet: &Fleet, repositories: &Repositories<'_>, clusters: &[&Cluster], rule: &'static Rule) -> Said {
    let mut said = Said::default();
    match rule.check {
        Check::Cluster(check) => {
            for cluster in clusters {
                let mut findings = Findings::new(rule.id, rule.severity, Some(&cluster.name));
                check(RuleContext { fleet, cluster }, &mut findings);
                said.extend(findings.said());
            }
        }
        Check::Fleet(check) => {
            let mut findings = Findings::new(rule.id, rule.severity, None);
            check(fleet, &mut findings);
            said.extend(findings.said());
        }
        Check::Repository(check) => {
            let mut findings = Findings::new(rule.id, rule.severity, None);
            check(fleet, repositories, &mut findings);
            said.extend(findings.said());
        }
        Check::Problem(kind) => {
            let found = fleet.problems.iter().filter(|found| found.problem.kind == kind);
            said.findings.extend(found.map(|found| problem(rule, found)));
        }
        Check::Object(..) | Check::Silence => {}
    }
    said
}

/// A problem of a stage as a finding of family `build`.
fn problem(rule: &'static Rule, found: &FleetProblem) -> Finding {
    let mut finding = Finding::of_problem(rule.id, rule.severity, &found.problem, found.object.as_deref());
    finding.clusters(found.clusters.iter().cloned());
    for place in found.problem.place.into_iter().chain(found.problem.value) {
        finding.explains(Fact::Refused(place));
        // What fails for itself says so at the same place.
        if found.problem.kind == ProblemKind::ArtifactBlocked {
            finding.because(Fact::Refused(place));
        }
        if says_value(found.problem.kind) {
            finding.explains(Fact::WrongValue(place));
        }
    }
    for (cluster, object) in found.clusters.iter().zip(found.object.iter().cycle()) {
        finding.explains(Fact::NotApplied(cluster.clone(), object.id.clone()));
        if let Some(name) = &found.undefined {
            finding.because(Fact::NoValue(cluster.clone(), object.id.clone(), name.clone()));
        }
    }
    finding
}

/// Whether a problem of this kind is about the value at its place.
fn says_value(kind: ProblemKind) -> bool {
    kind == ProblemKind::SubstitutionFailed || kind.is_syntax()
}

/// What rules about objects of some kinds say, in one pass over the objects of a cluster.
fn said_of_objects(context: RuleContext<'_>, rules: &[&'static Rule]) -> Said {
    type Judge = (usize, fn(RuleContext<'_>, &Object, &mut Findings));
    let mut judges: HashMap<(&str, &str), Vec<Judge>> = HashMap::new();
    let mut sinks: Vec<Findings> = Vec::new();
    for rule in rules {
        let Check::Object(kinds, check) = rule.check else { continue };
        kinds.iter().for_each(|kind| judges.entry(*kind).or_default().push((sinks.len(), check)));
        sinks.push(Findings::new(rule.id, rule.severity, Some(&context.cluster.name)));
    }
    if judges.is_empty() {
        return Said::default();
    }
    let objects = context.cluster.objects.of_kinds(|group, kind| judges.contains_key(&(group, kind)));
    for placed in objects.filter(|placed| placed.settled) {
        let id = &placed.object.id;
        for (sink, check) in judges.get(&(id.group.as_str(), id.kind.as_str())).into_iter().flatten() {
            sinks.get_mut(*sink).into_iter().for_each(|findings| check(context, placed.object, findings));
        }
    }
    let mut said = Said::default();
    sinks.into_iter().for_each(|findings| said.extend(findings.said()));
    said
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::config::Config;
    use crate::finding::{Place, Severity};
    use crate::fleet::{Input, build};
    use crate::repository::Action;
    use crate::source::{Checkout, Files, Sources};
    use crate::yaml::Documents;

    const PAGE: &str = "Create it:\n\n```sh\nkubectl create secret generic x -n a\n```\n";

    static OF_FLEET: Rule = rule("test/fleet", Check::Fleet(|_, _| {}));
    static OF_REPOSITORY: Rule = rule("test/repository", Check::Repository(created));

    const fn rule(id: &'static str, check: Check) -> Rule {
        let severity = Severity::Warning;
        Rule { id, severity, since: "0.1.0", summary: "", is_pedantic: false, page: "", check }
    }

    /// Reports everything that a runbook creates.
    fn created(_: &Fleet, repositories: &Repositories<'_>, findings: &mut Findings) {
        for (_, command) in repositories.iter().flat_map(|repository| repository.commands()) {
            let Action::Create(object) = &command.action else { continue };
            findings.report_place(Place::of_span(object.name.place), format!("`{}` is created", object.name.text));
        }
    }

    #[test]
    fn a_rule_reads_repositories_and_others_do_not() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("README.md"), PAGE).unwrap();
        let files = Arc::new(Files::default());
        let checkout = Checkout::open(&files, folder.path()).unwrap();
        let sources = Sources::new(&files, &[]).unwrap();
        let (documents, config) = (Documents::default(), Config::default());
        let input = Input {
            checkout: &checkout,
            sources: &sources,
            documents: &documents,
            config: &config,
            is_for_roots: false,
        };
        let fleet = build(input);
        let repositories = Repositories::new(&checkout, &sources, &documents, Box::new(|| fleet.other_repositories()));
        assert!(run(&fleet, &repositories, &[&OF_FLEET], None).findings.is_empty());
        assert!(!repositories.fleet().is_read());
        let said = run(&fleet, &repositories, &[&OF_FLEET, &OF_REPOSITORY], Some("any"));
        let [finding] = said.findings.as_slice() else { panic!("{:?}", said.findings) };
        assert_eq!((finding.rule, finding.message.as_str()), ("test/repository", "`x` is created"));
        let span = finding.place.span().unwrap();
        assert_eq!(files.get(span.file).position(span.start), crate::source::Position { line: 4, column: 31 });
    }
}
