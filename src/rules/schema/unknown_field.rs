//! A field that the API version of the object does not have.

use super::report;
use crate::finding::{Fact, Findings, Place, Severity};
use crate::fleet::Fleet;
use crate::fleet::schema::Judged;
use crate::flux::release::{Served, api_version, served};
use crate::flux::validate::{UnknownField, Violation, What};
use crate::rule::{Check, Rule};
use crate::yaml::Node;

pub(crate) const RULE: Rule = Rule {
    id: "schema/unknown-field",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "an object of Flux has a field that its API version does not have",
    is_pedantic: false,
    page: include_str!("../../../rules/schema/unknown-field.md"),
    check: Check::Fleet(check),
};

fn check(fleet: &Fleet, findings: &mut Findings) {
    for judged in fleet.judged() {
        for violation in &judged.verdict.violations {
            let What::Unknown(field) = &violation.what else { continue };
            let object = &judged.object;
            let what = format!(
                "`{}` is not a field of {} in `{}/{}`",
                violation.path(),
                object.id.kind,
                object.id.group,
                object.version
            );
            let finding = report(judged, violation, &what, findings);
            let place = Place::key(object, &violation.pointer);
            place.span().into_iter().for_each(|span| _ = finding.explains(Fact::WrongName(span)));
            // Where the version is gone, the one to write instead may have the field.
            if !field.newer.is_empty() {
                let version = object.at("/apiVersion").and_then(Node::place);
                version.into_iter().for_each(|place| _ = finding.because(Fact::WrongValue(place)));
            }
            finding.at_place(place).help(help(judged, violation, field));
        }
    }
}

/// What may be meant, or why the field is not there.
fn help(judged: &Judged, violation: &Violation, field: &UnknownField) -> String {
    let either = |names: &[&str]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ");
    let newer: Vec<&str> = field.newer.iter().copied().filter(|version| is_served(judged, version)).collect();
    match field {
        UnknownField { near, .. } if !near.is_empty() => format!("did you mean {}?", either(near)),
        // A patch that misspells a field of its base would change that field.
        UnknownField { set_too: Some(name), .. } if is_from_elsewhere(judged, violation, name) => {
            format!("did you mean `{name}`?")
        }
        UnknownField { set_too: Some(name), .. } => format!("`{name}` is set, too: remove one of the two"),
        UnknownField { until: Some((major, minor)), .. } => {
            format!("it was a field up to Flux {major}.{minor}: remove it")
        }
        _ if !newer.is_empty() => format!("{} has it: change `apiVersion`", either(&newer)),
        UnknownField { older, .. } if !older.is_empty() => format!("only {} had it: remove it", either(older)),
        UnknownField { elsewhere, .. } if !elsewhere.is_empty() => format!("did you mean {}?", either(elsewhere)),
        _ => match judged.meant_by(violation) {
            Some(missing) => format!("did you mean `{}`, which is required and is missing here?", missing.name()),
            None => format!("remove `{}`, or move what it holds into a field that exists", violation.name()),
        },
    }
}

/// Whether a field beside an unknown one was written in another file.
fn is_from_elsewhere(judged: &Judged, violation: &Violation, name: &str) -> bool {
    let file = |pointer: &str| Place::key(&judged.object, pointer).span().map(|span| span.file);
    let beside = violation.pointer.rsplit_once('/').map(|(parent, _)| format!("{parent}/{name}"));
    beside.is_some_and(|beside| file(&beside) != file(&violation.pointer))
}

/// Whether the release of the clusters serves another version of the kind.
fn is_served(judged: &Judged, version: &str) -> bool {
    let id = &judged.object.id;
    let row = api_version(&id.group, &id.kind, version);
    row.is_some_and(|row| matches!(served(row, judged.minor()), Served::Yes | Served::Deprecated))
}
