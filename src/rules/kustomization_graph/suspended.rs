//! An object of Flux that is suspended in Git.

use crate::finding::{Findings, Severity};
use crate::object::Object;
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "kustomization-graph/suspended",
    severity: Severity::Info,
    since: "0.1.0",
    summary: "Git says that an object of Flux is suspended",
    is_pedantic: false,
    page: include_str!("../../../rules/kustomization-graph/suspended.md"),
    check: Check::Object(KINDS, check),
};

/// The objects that it looks at: group and kind.
const KINDS: &[(&str, &str)] = &[
    ("kustomize.toolkit.fluxcd.io", "Kustomization"),
    ("helm.toolkit.fluxcd.io", "HelmRelease"),
    ("source.toolkit.fluxcd.io", "GitRepository"),
    ("source.toolkit.fluxcd.io", "OCIRepository"),
    ("source.toolkit.fluxcd.io", "HelmRepository"),
    ("source.toolkit.fluxcd.io", "HelmChart"),
    ("source.toolkit.fluxcd.io", "Bucket"),
    ("image.toolkit.fluxcd.io", "ImageRepository"),
    ("image.toolkit.fluxcd.io", "ImageUpdateAutomation"),
    ("notification.toolkit.fluxcd.io", "Alert"),
    ("notification.toolkit.fluxcd.io", "Receiver"),
];

/// The kinds whose objects, once suspended, leave what is applied as it is.
const APPLYING: [&str; 2] = ["Kustomization", "HelmRelease"];

fn check(context: RuleContext<'_>, object: &Object, findings: &mut Findings) {
    if object.str("/spec/suspend") != Some("true") {
        return;
    }
    let id = &object.id;
    let effect = match id.kind.as_str() {
        kind if APPLYING.contains(&kind) => "no change in Git reaches what it applies",
        "ImageUpdateAutomation" => "it pushes nothing",
        "Alert" => "it tells nobody",
        "Receiver" => "it answers no webhook",
        _ => "nothing new is read",
    };
    let message = format!("{} `{}/{}` is suspended in Git: {effect}", id.kind, id.namespace, id.name);
    let finding = findings.report(object, "/spec/suspend", message);
    finding.help("remove `suspend` once the reason is gone; `flux suspend` suspends without a commit");
    if context.variables().runs_production() && APPLYING.contains(&id.kind.as_str()) {
        finding.severity(Severity::Warning);
    }
}
