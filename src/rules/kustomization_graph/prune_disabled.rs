//! A Kustomization that does not prune.

use crate::finding::{Findings, Place, Severity};
use crate::object::Object;
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "kustomization-graph/prune-disabled",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "a Kustomization does not prune, so that what is removed from Git stays on the cluster",
    is_pedantic: false,
    page: include_str!("../../../rules/kustomization-graph/prune-disabled.md"),
    check: Check::Object(KINDS, check),
};

/// The objects that it looks at: group and kind.
const KINDS: &[(&str, &str)] = &[("kustomize.toolkit.fluxcd.io", "Kustomization")];

fn check(_: RuleContext<'_>, kustomization: &Object, findings: &mut Findings) {
    if kustomization.str("/spec/prune") != Some("false") {
        return;
    }
    // One patch may say so for several.
    let place = Place::at(kustomization, "/spec/prune").span();
    if let Some(known) = place.and_then(|place| findings.known_at(place)) {
        known.related(kustomization, "/metadata/name", "this Kustomization, too");
        return;
    }
    let id = &kustomization.id;
    let message = format!(
        "Kustomization `{}/{}` does not prune: what is removed from Git stays on the cluster",
        id.namespace, id.name
    );
    let finding = findings.report(kustomization, "/spec/prune", message);
    finding.help("set `prune: true`; an object that must stay takes the annotation `kustomize.toolkit.fluxcd.io/prune: disabled`");
}
