//! A field that came with a newer release than the one of the cluster.

use super::report;
use crate::finding::{Fact, Findings, Place, Severity};
use crate::fleet::Fleet;
use crate::fleet::schema::Judged;
use crate::flux::release::Minor;
use crate::flux::validate::{Violation, What};
use crate::rule::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "schema/field-unknown-to-installed-flux",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "an object of Flux has a field that is younger than the Flux of the cluster",
    is_pedantic: false,
    page: include_str!("../../../rules/schema/field-unknown-to-installed-flux.md"),
    check: Check::Fleet(check),
};

fn check(fleet: &Fleet, findings: &mut Findings) {
    for judged in fleet.judged() {
        let mut newer: Vec<(&Violation, Minor)> = judged.verdict.violations.iter().filter_map(since).collect();
        // Fields that came together are one defect.
        newer.sort_by_key(|(_, since)| *since);
        for fields in newer.chunk_by(|(_, left), (_, right)| left == right) {
            report_all(judged, fields, findings);
        }
    }
}

fn since(violation: &Violation) -> Option<(&Violation, Minor)> {
    match violation.what {
        What::TooNew(since) => Some((violation, since)),
        _ => None,
    }
}

fn report_all(judged: &Judged, fields: &[(&Violation, Minor)], findings: &mut Findings) {
    let Some(((first, (major, minor)), others)) = fields.split_first() else { return };
    let what =
        format!("`{}` is a field from Flux {major}.{minor} on, and the cluster runs an older release", first.path());
    let finding = report(judged, first, &what, findings);
    finding.at_place(Place::key(&judged.object, &first.pointer));
    finding.help(format!("remove it, or upgrade Flux to {major}.{minor}"));
    for (other, _) in others {
        let place = Place::key(&judged.object, &other.pointer);
        finding.related_span(place.span(), "this field, too");
    }
    for (field, _) in fields {
        let place = Place::key(&judged.object, &field.pointer).span();
        place.into_iter().for_each(|place| _ = finding.explains(Fact::WrongName(place)));
    }
}
