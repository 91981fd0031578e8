//! A field that has to be there, and is not.

use super::report;
use crate::finding::{Fact, Findings, Place, Severity};
use crate::fleet::Fleet;
use crate::fleet::schema::Judged;
use crate::flux::kinds::{self, Field, Found, Scope, Type};
use crate::flux::release::{FluxVersion, Minor, newest_served};
use crate::flux::validate::{Violation, What};
use crate::rule::{Check, Rule};
use crate::yaml::Node;

pub(crate) const RULE: Rule = Rule {
    id: "schema/missing-required-field",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "an object of Flux lacks a field that its API version requires",
    is_pedantic: false,
    page: include_str!("../../../rules/schema/missing-required-field.md"),
    check: Check::Fleet(check),
};

fn check(fleet: &Fleet, findings: &mut Findings) {
    for judged in fleet.judged() {
        for violation in judged.verdict.violations.iter().filter(|violation| violation.what == What::Missing) {
            let what = format!("`{}` is missing", violation.path());
            let finding = report(judged, violation, &what, findings);
            // Another rule, or a build, may say more about it.
            if let Some(place) = finding.place.span() {
                finding.because(Fact::Refused(place));
            }
            for cluster in &judged.clusters {
                finding.because(Fact::Unset(cluster.clone(), judged.object.id.clone(), violation.pointer.clone()));
            }
            let variable = judged.object.at(&violation.pointer).and_then(|node| node.origin.variable());
            finding.help(match variable {
                Some(variable) => format!("give variable `{}` a value", variable.name),
                None => help(violation, field(judged, violation, judged.minor())),
            });
            // The version to write instead of one that is gone may not need it.
            let version = newest_served(&judged.object.id.group, &judged.object.id.kind, judged.minor());
            if version.is_some_and(|version| !is_required_in(judged, violation, version)) {
                let place = judged.object.at("/apiVersion").and_then(Node::place);
                place.into_iter().for_each(|place| _ = finding.because(Fact::WrongValue(place)));
            }
            // What is written under another name is not missing.
            if let Some(other) = judged.instead_of(violation) {
                let place = Place::key(&judged.object, &other.pointer).span();
                place.into_iter().for_each(|place| _ = finding.because(Fact::WrongName(place)));
            }
            // A newer release that has those fields may not need this one.
            let newer = judged.verdict.violations.iter().filter_map(|it| match it.what {
                What::TooNew(since) => Some((it, since)),
                _ => None,
            });
            for (other, since) in newer {
                let place = Place::key(&judged.object, &other.pointer).span();
                let is_needed = field(judged, violation, since).is_some_and(Field::is_required);
                place.filter(|_| !is_needed).into_iter().for_each(|place| _ = finding.because(Fact::WrongName(place)));
            }
        }
    }
}

/// What the table says of a field in a release.
fn field(judged: &Judged, violation: &Violation, minor: Minor) -> Option<Field> {
    let releases = FluxVersion { oldest: minor, newest: minor, patch: None };
    let id = &judged.object.id;
    let at = |releases| {
        let scope = Scope { version: Some(&judged.object.version), releases };
        kinds::find(&id.group, &id.kind, &violation.pointer, scope)?.field()
    };
    at(Some(releases)).or_else(|| at(None))
}

/// Whether another API version of the kind requires the field, too.
fn is_required_in(judged: &Judged, violation: &Violation, version: &str) -> bool {
    let (id, minor) = (&judged.object.id, judged.minor());
    let releases = Some(FluxVersion { oldest: minor, newest: minor, patch: None });
    let scope = Scope { version: Some(version), releases };
    let field = kinds::find(&id.group, &id.kind, &violation.pointer, scope).and_then(Found::field);
    field.is_some_and(Field::is_required)
}

fn help(violation: &Violation, field: Option<Field>) -> String {
    let name = violation.name();
    let allowed: Vec<&str> = field.and_then(Field::allowed).into_iter().flatten().collect();
    match field.map(Field::value_type) {
        _ if allowed.len() == 1 => format!("add `{name}: {}`", allowed.join("")),
        _ if !allowed.is_empty() => format!("add `{name}`: one of `{}`", allowed.join("`, `")),
        Some(Type::Duration) => format!("add `{name}`, for example `{name}: 10m`"),
        Some(Type::Boolean) => format!("add `{name}: true` or `{name}: false`"),
        _ => format!("add `{name}`"),
    }
}
