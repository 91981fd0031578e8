//! An object whose kind or API version is a slip of one of Flux's.

use crate::finding::{Fact, Finding, Findings, Severity};
use crate::fleet::{AppliedBy, Fleet};
use crate::flux::api::group;
use crate::flux::slip::{Slip, may_slip, slip};
use crate::near::did_you_mean;
use crate::object::Object;
use crate::rule::{Check, Rule, RuleContext};
use crate::yaml::Node;

pub(crate) const RULE: Rule = Rule {
    id: "schema/unknown-kind",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a kind or an API version is not one of Flux's, but is meant to be",
    is_pedantic: false,
    page: include_str!("../../../rules/schema/unknown-kind.md"),
    check: Check::Fleet(check),
};

/// What comes of it, whatever the slip.
const EFFECT: &str = "the API server rejects the object, and Flux applies nothing that comes with it";

fn check(fleet: &Fleet, findings: &mut Findings) {
    for cluster in &fleet.clusters {
        let context = RuleContext { fleet, cluster };
        for placed in cluster.objects.of_kinds(may_slip).filter(|placed| placed.settled) {
            // What the operator makes repeats the FluxInstance.
            if placed.by != AppliedBy::Bootstrap || cluster.flux_instance().is_none() {
                reference_slip(context, placed.object, findings);
            }
            let Some(slip) = slip(placed.object) else { continue };
            let finding = report(placed.object, &slip, findings);
            finding.on_cluster(&cluster.name);
            finding.explains(context.no_object(&slip.meant));
            finding.explains(context.nothing_of(&slip.meant));
            // Where two objects are in one mapping, the kind is that of the other one.
            let kind = placed.object.root.as_mapping().and_then(|root| root.entry("kind")?.key.place());
            kind.into_iter().for_each(|place| _ = finding.because(Fact::WrongValue(place)));
        }
    }
    for object in &fleet.misnamed_installers {
        slip(object).into_iter().for_each(|slip| _ = report(object, &slip, findings));
    }
}

/// The fields of a kind that name the kind of a source, and the kinds that they take.
const REFERENCES: [(&str, &str, &[&str]); 3] = [
    ("Kustomization", "/spec/sourceRef", &["GitRepository", "OCIRepository", "Bucket", "ExternalArtifact"]),
    ("HelmRelease", "/spec/chart/spec/sourceRef", &["HelmRepository", "GitRepository", "Bucket"]),
    ("HelmRelease", "/spec/chartRef", &["OCIRepository", "HelmChart", "ExternalArtifact"]),
];

/// A reference to a source whose kind is none that the field takes.
fn reference_slip(context: RuleContext<'_>, object: &Object, findings: &mut Findings) {
    let is_of_flux = [group::KUSTOMIZE, group::HELM].contains(&object.id.group.as_str());
    let of_object = REFERENCES.iter().filter(|(kind, _, _)| is_of_flux && object.id.kind == *kind);
    for (_, pointer, kinds) in of_object {
        let Some(reference) = object.at(pointer).filter(|reference| reference.as_mapping().is_some()) else { continue };
        let kind = reference.get("kind").and_then(Node::text_if_set).unwrap_or_default();
        if kinds.contains(&kind) {
            continue;
        }
        let what = match kind {
            "" => "this reference has no `kind`".to_owned(),
            _ => format!("`{kind}` is not a kind that this field takes"),
        };
        let message = format!("{what}: {EFFECT}");
        let finding = findings.report(object, &format!("{pointer}/kind"), message);
        finding.on_cluster(&context.cluster.name).explains(context.nothing_of(&object.id));
        finding.help(did_you_mean(kind, kinds).unwrap_or_else(|| format!("write one of `{}`", kinds.join("`, `"))));
    }
}

fn report<'a>(object: &Object, slip: &Slip, findings: &'a mut Findings) -> &'a mut Finding {
    let Slip { pointer, what, instead, .. } = slip;
    findings.report(object, pointer, format!("{what}: {EFFECT}")).help(format!("did you mean `{instead}`?"))
}
