//! An object that its CustomResourceDefinition, or a schema that somebody gives, does not take.

use super::EFFECT;
use crate::finding::{Fact, Finding, Findings, Place, Severity};
use crate::fleet::Fleet;
use crate::fleet::schema::{CustomVerdict, JudgedCustom};
use crate::flux::structural::{Fault, Judgement, Why};
use crate::near::did_you_mean;
use crate::rule::{Check, Rule};
use crate::yaml::Node;

pub(crate) const RULE: Rule = Rule {
    id: "schema/invalid-custom-resource",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "an object breaks the schema of its CustomResourceDefinition, or one that is given",
    is_pedantic: false,
    page: include_str!("../../../rules/schema/invalid-custom-resource.md"),
    check: Check::Fleet(check),
};

/// The values of an enum that a help lists.
const MAX_VALUES: usize = 10;

fn check(fleet: &Fleet, findings: &mut Findings) {
    for judged in fleet.judged_custom() {
        match &judged.verdict {
            CustomVerdict::NotServed(served) => {
                let id = &judged.object.id;
                let message = format!("{} is not served in `{}/{}`", id.kind, id.group, judged.object.version);
                let near = served.first().map(|version| format!("write `{}/{version}`", id.group)).unwrap_or_default();
                report(&judged, Place::at(&judged.object, "/apiVersion"), &message, findings).help(near);
            }
            CustomVerdict::NoSchema => {
                let (id, version) = (&judged.object.id, &judged.object.version);
                let group = if id.group.is_empty() { version.to_string() } else { format!("{}/{version}", id.group) };
                let reason = format!("no schema is given for {} in `{group}`", id.kind);
                findings.not_judged(reason, Some(Place::at(&judged.object, "/kind")), &judged.clusters);
            }
            CustomVerdict::Judged(judgement) => {
                let faults = judgement.faults.iter().filter(|fault| !is_misspelt(fault, judgement));
                faults.for_each(|fault| report_fault(&judged, fault, findings));
                note_unevaluated(&judged, judgement, findings);
            }
        }
    }
}

/// Whether a field is missing because it is misspelt: what is unknown is said already.
fn is_misspelt(missing: &Fault, judgement: &Judgement) -> bool {
    let (parent, name) = missing.pointer.rsplit_once('/').unwrap_or_default();
    let means = |other: &Fault| {
        let is_beside = other.pointer.rsplit_once('/').is_some_and(|(beside, _)| beside == parent);
        is_beside && matches!(&other.why, Why::Unknown { near } if near.iter().any(|near| near == name))
    };
    missing.why == Why::Missing && judgement.faults.iter().any(means)
}

fn report_fault(judged: &JudgedCustom, fault: &Fault, findings: &mut Findings) {
    let (object, path) = (&judged.object, fault.path());
    let text = object.at(&fault.pointer).and_then(Node::text).unwrap_or_default();
    let is_unknown = matches!(fault.why, Why::Unknown { .. });
    let place = if is_unknown { Place::key(object, &fault.pointer) } else { Place::at(object, &fault.pointer) };
    let path = if path.is_empty() { object.id.kind.to_string() } else { path };
    let (what, help) = said(&fault.why, &path, text);
    let finding = report(judged, place.clone(), &what, findings);
    finding.help(help);
    if let (true, Some(span)) = (is_unknown, place.span()) {
        finding.explains(Fact::WrongName(span));
    }
    if let Why::Duplicate { first } = &fault.why {
        finding.related(object, first, "the first one");
    }
}

fn report<'a>(judged: &JudgedCustom, place: Place, what: &str, findings: &'a mut Findings) -> &'a mut Finding {
    let finding = findings.report(&judged.object, "", format!("{what}: {EFFECT}"));
    finding.at_place(place);
    if let Some(definition) = &judged.definition {
        finding.related(definition, "/metadata/name", "its definition");
    }
    for cluster in &judged.clusters {
        finding.on_cluster(cluster).explains(Fact::NotApplied(cluster.clone(), judged.object.id.clone()));
    }
    finding
}

/// What is wrong, and what to do about it.
fn said(why: &Why, path: &str, text: &str) -> (String, String) {
    match why {
        Why::Unknown { near } => {
            let near: Vec<String> = near.iter().map(|name| format!("`{name}`")).collect();
            let help = match near.is_empty() {
                true => "remove it, or correct its name".to_owned(),
                false => format!("did you mean {}?", near.join(" or ")),
            };
            (format!("the schema has no field `{path}`"), help)
        }
        Why::Missing => (format!("`{path}` is missing"), "add it: the schema requires it".to_owned()),
        Why::WrongType { expected, found } => {
            let expected = expected.iter().map(|name| words(name)).collect::<Vec<_>>().join(" or ");
            (format!("`{path}` must be {expected}, but it is {}", words(found)), format!("write {expected}"))
        }
        Why::NotAllowed { allowed } => {
            let known: Vec<&str> = allowed.iter().map(String::as_str).collect();
            let listed = || known.iter().take(MAX_VALUES).map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
            let more = known.len().saturating_sub(MAX_VALUES);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let help = did_you_mean(text, &known).unwrap_or_else(|| format!("write one of {}{more}", listed()));
            (format!("`{text}` is not a value that `{path}` takes"), help)
        }
        Why::Mismatch { pattern } => {
            (format!("`{path}` does not match `{pattern}`"), format!("write what matches `{pattern}`"))
        }
        Why::OutOfBounds { name, bound } => bound_words(path, name, *bound),
        Why::Duplicate { .. } => (
            format!("`{path}` has the key of an item before it"),
            "remove one of the two, or change its key".to_owned(),
        ),
        Why::Alternatives { keyword } => {
            let what = match *keyword {
                "anyOf" => "fits none of the alternatives of the schema",
                "oneOf" => "has to fit exactly one of the alternatives of the schema, and does not",
                _ => "is what the schema excludes",
            };
            (format!("`{path}` {what}"), format!("see `{keyword}` in the schema"))
        }
    }
}

/// A type of JSON Schema, for people.
fn words(name: &str) -> &str {
    match name {
        "object" => "a mapping",
        "array" => "a list",
        "string" => "a string",
        "integer" => "an integer",
        "number" => "a number",
        "boolean" => "a boolean",
        other => other,
    }
}

fn bound_words(path: &str, name: &str, bound: f64) -> (String, String) {
    let (what, help) = match name {
        "minLength" => (format!("has fewer than {bound} characters"), format!("write {bound} characters or more")),
        "maxLength" => (format!("has more than {bound} characters"), format!("write {bound} characters or fewer")),
        "minItems" => (format!("has fewer than {bound} items"), "add items".to_owned()),
        "maxItems" => (format!("has more than {bound} items"), "remove items".to_owned()),
        "minProperties" => (format!("has fewer than {bound} fields"), "add fields".to_owned()),
        "maxProperties" => (format!("has more than {bound} fields"), "remove fields".to_owned()),
        "minimum" => (format!("is less than {bound}"), format!("write {bound} or more")),
        "maximum" => (format!("is more than {bound}"), format!("write {bound} or less")),
        "exclusiveMinimum" => (format!("is not more than {bound}"), format!("write more than {bound}")),
        "exclusiveMaximum" => (format!("is not less than {bound}"), format!("write less than {bound}")),
        _ => (format!("is no multiple of {bound}"), format!("write a multiple of {bound}")),
    };
    (format!("`{path}` {what}"), help)
}

fn note_unevaluated(judged: &JudgedCustom, judgement: &Judgement, findings: &mut Findings) {
    let id = &judged.object.id;
    let (whose, place) = match &judged.definition {
        Some(definition) => {
            (format!("CustomResourceDefinition `{}`", definition.id.name), Place::at(definition, "/metadata/name"))
        }
        None => (format!("the schema of {}", id.kind), Place::at(&judged.object, "/kind")),
    };
    if judgement.has_rules {
        let reason = format!("the rules (CEL) of {whose} were not evaluated");
        findings.not_judged(reason, Some(place.clone()), &judged.clusters);
    }
    if judgement.is_partial {
        findings.not_judged(format!("a part of {whose} was not evaluated"), Some(place), &judged.clusters);
    }
}
