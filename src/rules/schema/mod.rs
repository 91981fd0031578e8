//! Objects that the API server does not take as they are written.

pub(super) mod deprecated_api_version;
pub(super) mod duplicate_list_key;
pub(super) mod exclusive_fields;
pub(super) mod field_unknown_to_installed_flux;
pub(super) mod invalid_custom_resource;
pub(super) mod invalid_duration;
pub(super) mod invalid_value;
pub(super) mod missing_required_field;
pub(super) mod missing_separator;
pub(super) mod removed_api_version;
pub(super) mod rule_violation;
pub(super) mod unknown_field;
pub(super) mod unknown_kind;
pub(super) mod wrong_type;

use crate::finding::{Fact, Finding, Findings, Place};
use crate::fleet::schema::{Judged, UsedVersion};
use crate::flux::release::Served;
use crate::flux::validate::{Sentence, Unevaluated, Violation, What};
use crate::yaml::Node;

/// What comes of it, whatever is wrong.
const EFFECT: &str = "the API server rejects the object, and Flux applies nothing that comes with it";

/// Reports what is wrong with a field of an object, on all clusters that hold it.
fn report<'a>(judged: &Judged, violation: &Violation, what: &str, findings: &'a mut Findings) -> &'a mut Finding {
    let finding = findings.report(&judged.object, &violation.pointer, format!("{what}: {EFFECT}"));
    concern(finding, judged);
    if let Some(place) = finding.place.value().and_then(Node::place) {
        finding.explains(Fact::WrongValue(place));
    }
    finding
}

/// An object that is refused is not there, on all clusters that hold it.
fn concern(finding: &mut Finding, judged: &Judged) {
    for cluster in &judged.clusters {
        finding.on_cluster(cluster).explains(Fact::NotApplied(cluster.clone(), judged.object.id.clone()));
    }
}

/// Reports a broken rule of the kind. The server does not evaluate it while a value that it reads is wrong in itself.
fn report_rule(judged: &Judged, violation: &Violation, sentence: &Sentence, findings: &mut Findings) {
    let finding = report(judged, violation, sentence.what, findings);
    finding.help(sentence.help).argument(sentence.rule);
    let whole = sentence.fields.iter().map(|field| format!("/{}", field.replace('.', "/")));
    let base = whole.filter_map(|field| violation.pointer.strip_suffix(field.as_str())).next();
    let Some(base) = base else { return };
    let others = judged.verdict.violations.iter().filter(|other| !matches!(other.what, What::Rule(_)));
    let read = others.filter(|other| {
        let field = other.pointer.strip_prefix(base).and_then(|field| field.strip_prefix('/'));
        field.is_some_and(|field| sentence.reads(field))
    });
    for other in read {
        let place = judged.object.at(&other.pointer).and_then(Node::place);
        place.into_iter().for_each(|place| _ = finding.because(Fact::WrongValue(place)));
    }
}

/// Says which rules of the kinds were not evaluated: those about fields that go together, or the others.
fn note_unevaluated(judged: &Judged, are_choices: bool, findings: &mut Findings) {
    for unevaluated in &judged.verdict.unevaluated {
        match unevaluated {
            Unevaluated::OldRelease => {
                let reason =
                    "the rules (CEL) of Flux's kinds were not evaluated: of releases before 2.6 they are not known";
                findings.not_judged(reason, None, &judged.clusters);
            }
            Unevaluated::Rule { pointer, rule, is_choice } if *is_choice == are_choices => {
                let reason = format!("cannot evaluate `{rule}` of {}", judged.object.id.kind);
                findings.not_judged(reason, Some(Place::at(&judged.object, pointer)), &judged.clusters);
            }
            Unevaluated::Rule { .. } => {}
        }
    }
}

/// Reports an API version at the first object that has it: the others are related, because one command rewrites them all.
fn report_version<'a>(used: &UsedVersion<'_>, what: &str, findings: &'a mut Findings) -> Option<&'a mut Finding> {
    let (first, others) = used.objects.split_first()?;
    let (id, version) = (&first.object.id, used.row.version);
    let message = format!("{} in `{}/{version}` {what}", id.kind, id.group);
    let finding = findings.report(&first.object, "/apiVersion", message);
    let place = |judged: &Judged| Place::at(&judged.object, "/apiVersion").span();
    // What several overlays build of one text is there once.
    for judged in others.iter().filter(|judged| place(judged) != place(first)) {
        finding.related(&judged.object, "/apiVersion", "here, too");
    }
    finding.clusters(used.objects.iter().flat_map(|judged| judged.clusters.iter().cloned()));
    match used.instead {
        // `flux migrate` only writes newer versions.
        Some(instead) if used.served == Served::NotYet => {
            finding.help(format!("write `{}/{instead}`, or upgrade Flux", id.group))
        }
        Some(instead) => finding.help(format!("write `{}/{instead}`; `flux migrate` rewrites manifests", id.group)),
        None => finding.help("upgrade Flux to a release that serves a newer version, and then write that one"),
    };
    Some(finding)
}

/// Reports what is wrong with the value of a field. One value of a variable is one defect, wherever it is read.
fn report_value(judged: &Judged, violation: &Violation, what: &str, help: &str, findings: &mut Findings) {
    let (object, pointer) = (&judged.object, &violation.pointer);
    let is_of_variable = |node: &&Node| node.origin.variable().is_some_and(|variable| variable.whole);
    let shared = object.at(pointer).filter(is_of_variable).and_then(Node::place);
    if let Some(known) = shared.and_then(|place| findings.known_at(place)) {
        let line = object.at(pointer).and_then(|node| node.origin.span);
        known.related_span(line, format!("read as `{}` here, too", violation.path()));
        return concern(known, judged);
    }
    let finding = report(judged, violation, what, findings);
    finding.help(help);
    if let Some(place) = finding.place.value().and_then(Node::place) {
        finding.because(Fact::Refused(place));
    }
    // Another rule may know better what is wrong with it.
    for cluster in &judged.clusters {
        finding.because(Fact::Unset(cluster.clone(), object.id.clone(), pointer.clone()));
    }
}
