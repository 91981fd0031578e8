//! An API version that the Flux of the clusters does not serve.

use super::{EFFECT, report_version};
use crate::finding::{Fact, Findings, Severity};
use crate::fleet::Fleet;
use crate::flux::release::Served;
use crate::rule::{Check, Rule};
use crate::yaml::Node;

pub(crate) const RULE: Rule = Rule {
    id: "schema/removed-api-version",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "objects have an API version that the Flux of their clusters does not serve",
    is_pedantic: false,
    page: include_str!("../../../rules/schema/removed-api-version.md"),
    check: Check::Fleet(check),
};

fn check(fleet: &Fleet, findings: &mut Findings) {
    for used in fleet.outdated_versions() {
        let what = match (used.served, used.row.removed) {
            (Served::Removed, Some((major, minor))) if used.is_release_known => {
                format!("is not served from Flux {major}.{minor} on: {EFFECT}")
            }
            (Served::Removed, Some((major, minor))) => {
                format!("is not served from Flux {major}.{minor} on, and which release the cluster runs is not known")
            }
            (Served::NotYet, _) => {
                let (major, minor) = used.row.since;
                format!("is served from Flux {major}.{minor} on, and the cluster runs an older release: {EFFECT}")
            }
            _ => continue,
        };
        let Some(finding) = report_version(&used, &what, findings) else { continue };
        if !used.is_release_known {
            finding.severity(Severity::Warning);
        }
        for judged in &used.objects {
            let place = judged.object.at("/apiVersion").and_then(Node::place);
            place.into_iter().for_each(|place| _ = finding.explains(Fact::WrongValue(place)));
            for cluster in &judged.clusters {
                finding.explains(Fact::NotApplied(cluster.clone(), judged.object.id.clone()));
            }
        }
    }
}
