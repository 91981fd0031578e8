//! An object whose kind or API version is a slip of one of Flux's.

use super::EFFECT;
use crate::finding::{Fact, Finding, Findings, Severity};
use crate::fleet::Fleet;
use crate::flux::slip::{Slip, may_slip, slip};
use crate::object::Object;
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "schema/unknown-kind",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a kind or an API version is not one of Flux's, but is meant to be",
    is_pedantic: false,
    page: include_str!("../../../rules/schema/unknown-kind.md"),
    check: Check::Fleet(check),
};

fn check(fleet: &Fleet, findings: &mut Findings) {
    for cluster in &fleet.clusters {
        let context = RuleContext { fleet, cluster };
        for placed in cluster.objects.of_kinds(may_slip).filter(|placed| placed.settled) {
            let Some(slip) = slip(placed.object) else { continue };
            let finding = report(placed.object, &slip, findings);
            finding.on_cluster(&cluster.name);
            finding.explains(context.no_object(&slip.meant));
            finding.explains(context.nothing_of(&slip.meant));
            // Where two objects are in one mapping, the kind is that of the other one; of what the operator makes, it is a
            // value of the FluxInstance.
            let kind = placed.object.root.as_mapping().and_then(|root| root.entry("kind"));
            let places = kind.into_iter().flat_map(|kind| [kind.key.place(), kind.value.place()]).flatten();
            places.for_each(|place| _ = finding.because(Fact::WrongValue(place)));
        }
    }
    for object in &fleet.misnamed_installers {
        slip(object).into_iter().for_each(|slip| _ = report(object, &slip, findings));
    }
}

fn report<'a>(object: &Object, slip: &Slip, findings: &'a mut Findings) -> &'a mut Finding {
    let Slip { pointer, what, instead, .. } = slip;
    findings.report(object, pointer, format!("{what}: {EFFECT}")).help(format!("did you mean `{instead}`?"))
}
